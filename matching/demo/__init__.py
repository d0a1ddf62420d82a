"""Invented people and organisations, to show and to measure the house with. Nobody here exists."""

# Who can log in, with which e-mail.
LOGINS = [
    ("Volunteer (Samira Haddad)", "samira@example.org"),
    ("Contact of a self-organisation (Rojda Demir)", "demir@example.org"),
    ("Staff of an agency in Köln (Elif Yildiz)", "yildiz@example.org"),
    ("Staff of an agency in Essen (Jonas Brandt)", "brandt@example.org"),
    ("Administrator", "admin@example.org"),
]
PASSWORD = "zusammen-im-quartier"
