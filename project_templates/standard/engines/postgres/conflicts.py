@pytest.mark.parametrize(
    ("reason", "status", "fields"),
    [
        ("uq_people_name", 409, ["name"]),
        ("fk_people_team_id", 409, ["team_id"]),
        ("ck_people_name", 500, None),
    ],
)
