@pytest.mark.parametrize(
    ("reason", "status", "fields"),
    [
        ("UNIQUE constraint failed: people.name, people.age", 409, ["name", "age"]),
        ("FOREIGN KEY constraint failed", 409, []),
        ("CHECK constraint failed: ck_people_name", 500, None),
    ],
)
