@pytest.fixture
async def database(settings: Settings) -> AsyncGenerator[Database]:
    database = Database(settings.database_url, 9)
    await database.write(run, "CREATE TABLE counts (n INTEGER)")
    await database.write(run, "INSERT INTO counts VALUES (0)")
    yield database
    await database.write(run, "DROP TABLE counts")
    database.close()


def run(session: Session, statement: str) -> None:
    session.execute(text(statement))


def count(session: Session) -> int:
    found: int = session.execute(text("SELECT n FROM counts")).scalar_one()
    return found


def add(session: Session, *, fail: bool = False) -> None:
    session.execute(text("UPDATE counts SET n = :n"), {"n": count(session) + 1})
    if fail:
        raise RuntimeError("failed after the change")


async def test_writes_at_once_lose_nothing(database: Database) -> None:
    await asyncio.gather(*(database.write(add) for _ in range(TRIES)))

    assert await database.read(count) == TRIES


async def test_a_write_that_others_get_in_the_way_of_is_given_up(database: Database) -> None:
    def meet_another(session: Session) -> None:
        before = count(session)
        with Session(database.engine) as other, other.begin():
            add(other)
        session.execute(text("UPDATE counts SET n = :n"), {"n": before})

    with pytest.raises(OperationalError, match="concurrent update"):
        await database.write(meet_another)

    assert await database.read(count) == TRIES


async def test_a_failed_write_changes_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError, match="failed after"):
        await database.write(add, fail=True)

    assert await database.read(count) == 0


async def test_who_waits_too_long_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.LONGEST_WAIT", 0.01)

    with pytest.raises(TimeoutError):
        await database.read(run, "SELECT pg_sleep(0.1)")


async def test_more_requests_than_may_wait_are_refused_at_once(database: Database) -> None:
    waiting = [asyncio.create_task(database.read(count)) for _ in range(9)]
    await asyncio.sleep(0)

    with pytest.raises(Overloaded):
        await database.write(add)

    assert await asyncio.gather(*waiting) == [0] * 9


async def test_a_connection_that_was_lost_is_made_anew(database: Database) -> None:
    other = make_engine(database.engine.url)
    with other.connect() as connection:
        connection.execute(text(END_OTHERS))
    other.dispose()

    assert await database.read(count) == 0


