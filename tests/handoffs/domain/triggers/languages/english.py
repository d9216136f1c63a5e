"""What English customers write who ask for a person, who ask for none, and who mean something else."""

ASKS = """
put me through to the spa team
put me through to reservations please
get someone to help me
let me talk to reservations
let me speak to the front desk
let me speak to whoever is in charge
can you get someone to sort this out for me
please get somebody to look into this
could you put me through
please put me through to someone
transfer me
transfer me to the mortgage team please
connect me to the kitchen
connect me with housekeeping
I'd like to speak to the billing team
I want to talk to customer care
I need to speak to the manager on duty
can I talk to your colleague
get me your manager
call me back
please call me back
can you have someone call me
I want a call back
I would like a callback
request a callback please
could someone give me a ring
someone needs to call me
is there anybody real there?
anybody real there
is anyone there
I want a person, not a robot
real human please
human
speak to agent
agent please
talk to someone
customer service representative
I want to speak to a real live human being
I'd rather talk to a person
can I not just speak to a person
why can I not reach anyone
I do not know how to talk to a person here
how do I get a human
enough, give me a human
no, I want a human
stop this and get me a person
this is going nowhere, can a human take over?
can someone take over please
can a person help me instead
hand this over to your colleague
I wish to escalate this to a supervisor
send me to an agent
there must be a person I can talk to
I need someone who can actually help
""".strip().split("\n")

REFUSES = """
I do not want to talk to a human
I don't want to speak to anyone
I don't want a person
I do not need to speak to anyone
I'd rather not talk to anybody
I would prefer not to speak to an agent
no need to put me through
no need to get someone
please don't put me through to anyone
do not put me through to the spa team
don't transfer me
don't call me back
please do not call me
no callback please
no call back needed
there is no need for a callback
nobody needs to call me
I don't need someone to help me
I don't want you to get someone
you don't need to get anyone
don't get a human involved
no humans please
without speaking to reservations
I never asked for an agent
I am not asking to speak to a manager
I don't wish to be transferred
I don't want to be put through to anyone
not an agent please
instead of talking to an agent
a human is not necessary
""".strip().split("\n")

MEANS_SOMETHING_ELSE = """
are you human
are you a real human or a bot
am I speaking to a person
is this a bot?
is there a spa in the hotel?
I want to book a spa treatment
can I put my reservation in someone else's name
I put the money through yesterday
can I get someone a gift card
get me a taxi to the hotel
let me know when reservations open
let me see my reservations
I talked to reservations yesterday
the spa team was lovely
your agent told me it was free
human error I think
I work for human resources
my travel agent booked it
my estate agent needs a letter
can I transfer money to another person
transfer 50 pounds to my savings account
connect my bank account
can I connect two devices
my phone will not connect to the network
can you call me a taxi
call me John
I will call back later
is there someone at the desk at night?
someone charged my card
how do I talk to my bank about this?
a person I know has the same problem
""".strip().split("\n")
