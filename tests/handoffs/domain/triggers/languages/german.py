"""What German customers write who ask for a person, who ask for none, and who mean something else."""

ASKS = """
Ich möchte mit einem Menschen sprechen
Ich will mit einem echten Menschen reden
Kann ich bitte mit einem Mitarbeiter sprechen?
Könnte ich mit jemandem vom Kundendienst sprechen?
Ich würde gerne mit einer echten Person chatten
Verbinden Sie mich bitte mit einem Mitarbeiter
Verbinde mich mit einem Menschen
Bitte verbinden Sie mich mit der Buchhaltung
Stellen Sie mich bitte zu einem Kollegen durch
Können Sie mich durchstellen?
Bitte weiterleiten an einen Mitarbeiter
Leiten Sie mich an den Support weiter
Leite mich bitte an einen Menschen weiter
Ich will einen Menschen, keinen Roboter
Ich brauche einen Menschen
Ich brauche einen Ansprechpartner
Ich brauche Hilfe von einem echten Menschen
Ich hätte gern einen Berater gesprochen
Mitarbeiter
Mensch bitte
Mitarbeiter bitte!
Echter Mensch bitte
Bitte einen Mitarbeiter
Kundenberater
Gibt es hier einen echten Menschen?
Ist da jemand Echtes?
Ist da ein Mensch?
Ist hier irgendwo ein Mitarbeiter, mit dem ich reden kann?
Rufen Sie mich zurück
Bitte um Rückruf
Können Sie mich bitte zurückrufen?
Kann mich jemand anrufen?
Ich möchte zurückgerufen werden
Ich bitte um einen Rückruf
Wie kann ich einen Mitarbeiter erreichen?
Wie erreiche ich einen Menschen?
Kann ich euren Chef sprechen?
Ich möchte Ihren Vorgesetzten sprechen
Holen Sie mir einen Kollegen
Gib mir einen Menschen
Ich will nicht mit einem Roboter reden, ich will einen Menschen
Ich möchte nicht mit einer Maschine sprechen
Warum kann ich nicht mit einem Menschen sprechen?
Kann ich nicht einfach mit jemandem reden?
Ich weiß nicht, wie ich einen Mitarbeiter erreiche
Lassen Sie mich mit einem Menschen sprechen
Ich muss dringend mit jemandem sprechen
Ich bestehe darauf, mit einem Mitarbeiter zu sprechen
Nein, ich will mit einem Menschen reden
Schluss mit dem Bot, ich will einen Mitarbeiter sprechen
Kann sich bitte ein Mitarbeiter bei mir melden?
Jemand soll mich anrufen
""".strip().split("\n")

REFUSES = """
Ich möchte nicht mit einem Menschen sprechen
Ich will mit keinem Menschen sprechen
Ich möchte mit keinem Mitarbeiter reden
Ich will keinen Mitarbeiter
Ich brauche keinen Menschen
Ich brauche keinen Rückruf
Ich brauche dafür keinen Mitarbeiter
Verbinden Sie mich nicht mit einem Mitarbeiter
Bitte nicht weiterleiten
Bitte nicht mit einem Menschen verbinden
Bitte keinen Mitarbeiter
Kein Mitarbeiter nötig
Keinen Menschen bitte
Es ist nicht nötig, mit einem Mitarbeiter zu sprechen
Ein Mitarbeiter ist nicht nötig
Mit einem Menschen möchte ich nicht reden
Einen Mitarbeiter brauche ich nicht
Ich muss mit niemandem sprechen
Ich möchte mit niemandem reden
Das geht doch ohne Mitarbeiter
Ohne mit einem Menschen zu reden
Rufen Sie mich nicht an
Bitte nicht zurückrufen
Lieber nicht mit einem Menschen
Ich möchte lieber nicht mit einem Mitarbeiter sprechen
Ich will gar nicht mit einem Mitarbeiter reden
Nein danke, kein Mensch
Ich habe nie nach einem Mitarbeiter gefragt
Ich habe keinen Mitarbeiter verlangt
Stellen Sie mich nicht durch
""".strip().split("\n")

MEANS_SOMETHING_ELSE = """
Bist du ein Mensch?
Bist du ein echter Mensch oder ein Bot?
Sind Sie ein Mitarbeiter?
Spreche ich mit einem Menschen?
Rede ich hier mit einem Roboter?
Ich habe gestern mit einem Mitarbeiter gesprochen
Ein Mitarbeiter hat mir gesagt, dass es geht
Ihr Mitarbeiter war sehr freundlich
Ihr Kollege hat mir letzte Woche geholfen
Menschliches Versagen, denke ich
Mein Versicherungsagent hat das gesagt
Wie viele Personen können das Abo nutzen?
Das Ticket ist für eine andere Person
Ich bin Mitarbeiter bei Siemens
Muss ich dafür mit einem Mitarbeiter sprechen?
Wenn ich mit einem Mitarbeiter spreche, kostet das etwas?
Jemand hat mein Handy gestohlen
Ich habe jemanden gefragt
Wo ist meine Bestellung?
Ich möchte meinen Vertrag kündigen
Ich möchte den Tarif wechseln
Ich muss meine Mutter anrufen
Wie richte ich eine Rufumleitung ein?
Kann ich ins Ausland telefonieren?
Kein Mensch versteht diese Rechnung
Zimmer für zwei Personen bitte
""".strip().split("\n")
