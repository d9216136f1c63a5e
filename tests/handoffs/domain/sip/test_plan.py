import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip.findings import Refusal, Severity
from handoffs.domain.sip.plan import CallArguments, HeaderState, Origin, plan_transfer
from handoffs.domain.sip.variables import merge_variables
from handoffs.domain.sip.voice import (
    Encryption,
    HeaderConfig,
    HeaderPlace,
    LineConfig,
    LineKind,
    MissingVariable,
    SipMethod,
    Transport,
    VoiceConfig,
)

LINE = LineConfig(domain="sbc.fernhill.example")
VARIABLES = merge_variables(
    built_in={"conversation_id": "c-1", "caller_id": "+447700900123", "reason": "needs_human"},
    state={"customer_id": "FM-208441", "note": "first\r\nVia: second", "auth": {"verified": True}},
)


def plan(*, voice=None, line=LINE, utterance="", variables=VARIABLES, headers=(), **arguments):
    voice = voice or VoiceConfig(route="sip:desk@sbc.fernhill.example")
    destination = DestinationConfig(key="complaints", name="Complaints", utterance=utterance, voice=voice)
    return plan_transfer(
        destination=destination,
        line=line,
        arguments=CallArguments(headers=headers, **arguments),
        variables=variables,
    )


def carrying(*headers, **changes):
    configured = tuple(HeaderConfig(*header) for header in headers)
    return VoiceConfig(route="sip:desk@sbc.fernhill.example", headers=configured, **changes)


def told(lints):
    return [(lint.code, lint.subject) for lint in lints]


def test_a_plan_says_where_the_call_goes_and_with_what():
    made = plan(voice=carrying(("X-Customer-ID", "$customer_id"), ("X-Verified", "${auth.verified}")))
    assert (made.method, made.target, made.encryption) == (SipMethod.REFER, "sip:desk@sbc.fernhill.example", None)
    assert [(header.name, header.value, header.origin, header.state) for header in made.headers] == [
        ("X-Customer-ID", "FM-208441", Origin.DESTINATION, HeaderState.SENT),
        ("X-Verified", "true", Origin.DESTINATION, HeaderState.SENT),
    ]
    assert (made.problems, made.warnings) == ((), ())


def test_a_header_of_the_call_stands_in_place_of_the_destinations_whatever_its_capitals():
    made = plan(
        voice=carrying(("X-First", "1"), ("X-Reason", "from the destination"), ("X-Last", "3")),
        headers={"X-New": "4", "x-reason": "from the call"},
    )
    assert [(header.name, header.value, header.origin) for header in made.headers] == [
        ("X-First", "1", Origin.DESTINATION),
        ("x-reason", "from the call", Origin.CALL),
        ("X-Last", "3", Origin.DESTINATION),
        ("X-New", "4", Origin.CALL),
    ]
    assert told(made.warnings) == [("header-overridden", "x-reason")]
    assert made.warnings[0].severity is Severity.NOTE


def test_a_header_of_the_call_is_a_plain_value():
    made = plan(headers={"X-Price": "$customer_id costs ${5}", "X-Flag": True, "X-List": [1, "a"], "X-Number": 7})
    assert [header.value for header in made.headers] == ["$customer_id costs ${5}", "true", '[1,"a"]', "7"]


def test_the_call_can_leave_a_header_of_the_destination_out():
    made = plan(voice=carrying(("X-Reason", "always")), headers={"X-Reason": None})
    assert [(header.state, header.why) for header in made.headers] == [(HeaderState.DROPPED, "header-removed")]
    assert made.problems == ()


def test_of_two_headers_of_one_name_the_first_is_sent():
    made = plan(headers=[("X-A", "1"), ("x-a", "2")])
    assert [(header.value, header.why) for header in made.headers] == [("1", ""), ("2", "header-twice")]


def test_a_header_of_the_call_replaces_every_one_of_its_name_once():
    made = plan(voice=carrying(("X-A", "1"), ("x-a", "2")), headers={"X-A": "3"})
    assert [(header.name, header.value) for header in made.headers] == [("X-A", "3")]


def test_route_and_utterance_of_the_call_go_before_the_destinations():
    made = plan(utterance="One moment", route="+442079460177", reason="refund", headers={})
    assert (made.target, made.target_origin) == ("sip:+442079460177@sbc.fernhill.example;user=phone", Origin.CALL)
    assert made.utterance == "One moment"
    assert plan(utterance="One moment", route="").target_origin is Origin.DESTINATION
    destination = DestinationConfig(key="a", name="A", utterance="One moment", voice=VoiceConfig(route="5001"))
    arguments = CallArguments(utterance="Hold on")
    assert plan_transfer(destination=destination, line=LINE, arguments=arguments, variables={}).utterance == "Hold on"


def test_reason_and_destination_are_variables_of_this_very_transfer():
    voice = carrying(("X-Reason", "$reason"), ("X-Destination", "$destination"))
    assert [header.value for header in plan(voice=voice, reason="refund").headers] == ["refund", "complaints"]
    assert [header.value for header in plan(voice=voice).headers] == ["needs_human", "complaints"]


@pytest.mark.parametrize(
    ("policy", "state", "value", "why", "problems", "warnings"),
    [
        (MissingVariable.DROP, HeaderState.DROPPED, "acct:", "variable-missing", [], ["variable-missing"]),
        (MissingVariable.EMPTY, HeaderState.SENT, "acct:", "", [], ["variable-missing"]),
        (MissingVariable.REFUSE, HeaderState.DROPPED, "acct:", "variable-required", ["variable-required"], []),
    ],
)
def test_a_missing_variable_follows_the_headers_policy(policy, state, value, why, problems, warnings):
    made = plan(voice=carrying(("X-Account", "acct:$cus", policy)))
    header = made.headers[0]
    assert (header.state, header.value, header.why, header.missing) == (state, value, why, ("cus",))
    assert [lint.code for lint in made.problems] == problems
    assert [lint.code for lint in made.warnings] == warnings


def test_line_breaks_in_what_a_conversation_brings_become_spaces_and_are_reported():
    made = plan(voice=carrying(("X-Note", "note: $note")), headers={"X-Own": "a\r\n\0b"})
    assert [header.value for header in made.headers] == ["note: first Via: second", "a b"]
    assert told(made.warnings) == [("value-flattened", "X-Note"), ("value-flattened", "X-Own")]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Via", "header-reserved"),
        ("v", "header-compact"),
        ("X-Twilio-A", "header-twilio"),
        ("Privacy", "header-trust"),
        ("X A", "header-name-space"),
        ("X-A\r\nVia", "header-name-control"),
        ("", "header-name-missing"),
        ("X-" + "a" * 100, "header-name-long"),
    ],
)
def test_a_header_of_the_call_that_may_not_be_set_is_left_out_and_the_call_goes_on(name, why):
    made = plan(headers={name: "1", "X-Good": "2"})
    assert [(header.state, header.why) for header in made.headers] == [
        (HeaderState.DROPPED, why),
        (HeaderState.SENT, ""),
    ]
    assert made.problems == ()
    assert [lint.code for lint in made.warnings] == [why]
    assert "\n" not in made.headers[0].name


def test_what_is_too_long_is_left_out_whole():
    made = plan(headers={"X-Long": "ü" * 513, "X-Most": "ü" * 512})
    assert [header.why for header in made.headers] == ["header-value-long", ""]
    assert made.warnings[0].sentence == "X-Long has 1,026 octets, 1,024 at most fit. It is left out"


def test_twenty_headers_are_sent_and_no_more():
    made = plan(headers={f"X-{number}": "1" for number in range(22)})
    assert [header.why for header in made.headers] == [""] * 20 + ["headers-many"] * 2


@pytest.mark.parametrize(
    ("place", "sent"), [(HeaderPlace.REQUEST, 4), (HeaderPlace.REFER_TO, 4), (HeaderPlace.BOTH, 2)]
)
def test_all_headers_together_stay_within_4096_octets_wherever_they_stand(place, sent):
    made = plan(
        line=LineConfig(domain="sbc.example", header_place=place), headers={f"X-{n}": "a" * 1000 for n in range(6)}
    )
    assert len(made.sent) == sent
    assert made.header_octets <= 4096
    assert {header.why for header in made.headers} == {"", "headers-long"}


def test_twilio_takes_fewer_than_1024_characters_of_headers():
    line = LineConfig(domain="x.example", kind=LineKind.TWILIO_NUMBER)
    exact = [("X-1", "a" * 1000), ("X-2", "a" * (1023 - 1004 - 1 - 4))]  # X-1=…&X-2=… has 1,023 characters
    assert [header.why for header in plan(line=line, headers=exact).headers] == ["", ""]
    assert [header.why for header in plan(line=line, headers=[*exact, ("X-3", "")]).headers] == [
        "",
        "",
        "headers-twilio",
    ]
    assert [header.why for header in plan(line=line, headers=[("X-1", "%" * 400)]).headers] == ["headers-twilio"]


@pytest.mark.parametrize(
    ("method", "target", "place", "planned"),
    [
        (SipMethod.REFER, "sip:desk@sbc.example", HeaderPlace.REQUEST, HeaderPlace.REQUEST),
        (SipMethod.REFER, "sip:desk@sbc.example", HeaderPlace.REFER_TO, HeaderPlace.REFER_TO),
        (SipMethod.REFER, "sip:desk@sbc.example", HeaderPlace.BOTH, HeaderPlace.BOTH),
        (SipMethod.REFER, "tel:+442079460177", HeaderPlace.BOTH, HeaderPlace.REQUEST),
        (SipMethod.REFER, "TEL:+442079460177", HeaderPlace.REFER_TO, HeaderPlace.REQUEST),
        (SipMethod.INVITE, "sip:desk@sbc.example", HeaderPlace.REFER_TO, HeaderPlace.REQUEST),
        (SipMethod.BYE, "", HeaderPlace.BOTH, HeaderPlace.REQUEST),
    ],
)
def test_the_line_says_where_a_refer_carries_its_headers(method, target, place, planned):
    voice = VoiceConfig(method=method, route=target, headers=(HeaderConfig("X-A", "1"),))
    made = plan(voice=voice, line=LineConfig(domain="sbc.example", header_place=place))
    assert [header.place for header in made.headers] == [planned]
    is_moved = method is SipMethod.REFER and place is not planned
    assert told(made.warnings) == ([("tel-carries-no-headers", "headers")] if is_moved else [])


def test_headers_in_the_target_are_escaped():
    line = LineConfig(domain="sbc.example", header_place=HeaderPlace.REFER_TO)
    made = plan(line=line, headers={"X-A": "1&Via=x; ü?", "X-%0D": "%0d%0a"})
    assert made.refer_to == ("sip:desk@sbc.fernhill.example?X-A=1%26Via%3Dx%3B%20%C3%BC?&X-%250D=%250d%250a")


@pytest.mark.parametrize(
    ("method", "encryption", "transport", "planned", "by"),
    [
        (SipMethod.INVITE, Encryption.TLS_SRTP, Transport.UDP, Encryption.TLS_SRTP, Transport.TLS),
        (SipMethod.INVITE, Encryption.UDP_RTP, Transport.TLS, Encryption.UDP_RTP, Transport.UDP),
        (SipMethod.REFER, Encryption.UDP_RTP, Transport.TLS, None, Transport.TLS),
        (SipMethod.BYE, Encryption.TLS_SRTP, Transport.TCP, None, Transport.TCP),
    ],
)
def test_encryption_is_an_invites_alone(method, encryption, transport, planned, by):
    voice = VoiceConfig(method=method, route="sip:desk@sbc.example", encryption=encryption)
    made = plan(voice=voice, line=LineConfig(domain="sbc.example", transport=transport))
    assert (made.encryption, made.transport) == (planned, by)


def test_a_line_that_hides_the_headers_carries_none():
    made = plan(
        voice=carrying(("X-A", "$unset", MissingVariable.REFUSE)),
        line=LineConfig(domain="sbc.example", hides_headers=True),
        headers={"X-B": 1},
    )
    assert made.sent == ()
    assert made.problems == ()
    assert told(made.warnings) == [("headers-hidden", "headers")]
    assert made.warnings[0].sentence == "The line carries no headers. Left out: 2"


def test_a_line_that_routes_by_itself_is_called_at_its_domain_whatever_route_is_given():
    made = plan(line=LineConfig(domain="sbc.example", hides_route=True), route="5001")
    assert (made.target, made.target_origin) == ("sip:sbc.example", Origin.DESTINATION)
    assert told(made.warnings) == [("route-unused", "route")]


def test_another_method_than_the_line_accepts_is_planned_with_a_warning():
    made = plan(line=LineConfig(name="Twilio number", domain="sbc.example", required_method=SipMethod.INVITE))
    assert made.method is SipMethod.REFER
    assert [lint.sentence for lint in made.warnings] == ["Uses REFER, but Twilio number only accepts INVITE"]


@pytest.mark.parametrize(
    ("method", "warned"), [(SipMethod.REFER, True), (SipMethod.INVITE, False), (SipMethod.BYE, False)]
)
def test_a_refer_may_cut_off_what_the_ai_says(method, warned):
    voice = VoiceConfig(method=method, route="sip:desk@sbc.example")
    said = "I am putting you through to our complaints team. They have all the details."
    made = plan(voice=voice, utterance=said)
    assert told(made.warnings) == ([("utterance-cut-off", "utterance")] if warned else [])
    assert not warned or "about 4.2 s" in made.warnings[0].sentence


def test_a_header_without_the_private_prefix_is_sent_with_a_warning():
    made = plan(headers={"User-to-User": "00"})
    assert [header.is_sent for header in made.headers] == [True]
    assert told(made.warnings) == [("header-x-prefix", "User-to-User")]


@pytest.mark.parametrize("route", ["", "desk", "sip:desk@sbc.example\r\nVia: x", "$route"])
def test_a_route_that_leads_nowhere_is_a_problem(route):
    made = plan(voice=VoiceConfig(route=route))
    assert (made.target, [lint.subject for lint in made.problems]) == ("", ["route"])


def test_a_bad_route_of_the_call_is_a_problem_and_the_destinations_is_not_taken_instead():
    made = plan(route="nowhere")
    assert (made.target, made.target_origin, told(made.problems)) == ("", Origin.CALL, [("route-unknown", "route")])


@pytest.mark.parametrize("line", [LineConfig(domain="sbc\r\nVia: x"), LineConfig(domain="a.example", caller="ai@x")])
def test_a_line_that_cannot_be_right_is_a_problem_and_never_reaches_the_plan(line):
    made = plan(line=line)
    assert [lint.subject for lint in made.problems] == ["line"]
    assert "\n" not in made.domain + made.caller
    assert made.caller.startswith("sip:ai@")


def test_many_octets_by_udp_will_switch_to_tcp():
    line = LineConfig(domain="sbc.example", transport=Transport.UDP)
    assert plan(line=line, headers={"X-A": "a" * 893}).warnings == ()
    assert told(plan(line=line, headers={"X-A": "a" * 894}).warnings) == [("udp-size", "headers")]


def test_a_destination_without_a_voice_route_has_no_plan():
    with pytest.raises(Refusal, match="Desk has no voice route"):
        plan_transfer(
            destination=DestinationConfig(key="a", name="Desk"), line=LINE, arguments=CallArguments(), variables={}
        )


NAMES = st.sampled_from(["X-A", "x-a", "X-B", "x-B", "X-C", "X-D"])
VALUES = st.none() | st.sampled_from(["1", "2", "3", "4"])


@given(st.lists(NAMES, max_size=4), st.lists(st.tuples(NAMES, VALUES), max_size=6))
def test_the_call_wins_and_everything_keeps_its_place(configured, called):
    made = plan(voice=carrying(*((name, f"own {name}") for name in configured)), headers=called)
    first_called = {}
    for name, value in called:
        first_called.setdefault(name.lower(), (name, value))
    expected = {}  # a dict keeps the place of what came first
    for name in configured:
        expected.setdefault(name.lower(), (name, f"own {name}"))
    expected |= first_called
    # What the call takes back, a later pair of the same call may still set.
    for name, value in called:
        if expected[name.lower()][1] is None:
            expected[name.lower()] = (name, value)
    sent = {header.name.lower(): (header.name, header.value) for header in made.sent}
    assert sent == {name: pair for name, pair in expected.items() if pair[1] is not None}
    assert [header.origin for header in made.sent] == [
        Origin.CALL if header.name.lower() in first_called else Origin.DESTINATION for header in made.sent
    ]
    order = list(dict.fromkeys([name.lower() for name in configured] + [name.lower() for name, _ in called]))
    firsts = list(dict.fromkeys(header.name.lower() for header in made.headers))
    assert firsts == order
