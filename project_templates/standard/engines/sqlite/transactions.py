@pytest.fixture
async def database(settings: Settings) -> AsyncGenerator[Database]:
    database = Database(settings.database_url, 41{{ ", Live().publish" if has_pages }})
    await database.write(lambda session: session.execute(text("CREATE TABLE counts (n INTEGER)")))
    yield database
    database.close()


def count(session: Session) -> list[int]:
    return list(session.scalars(text("SELECT n FROM counts")))


def add(session: Session, *, fail: bool = False) -> None:
    session.execute(text("INSERT INTO counts VALUES (:n)"), {"n": len(count(session))})
    if fail:
        raise RuntimeError("failed after the change")


async def test_writes_at_once_follow_one_another(database: Database) -> None:
    await asyncio.gather(*(database.write(add) for _ in range(40)))

    assert await database.read(count) == list(range(40))


async def test_a_failed_write_changes_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError, match="failed after"):
        await database.write(add, fail=True)

    assert await database.read(count) == []


async def test_a_write_that_waits_too_long_fails(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.LONGEST_WAIT", 0.01)
    slow = asyncio.create_task(database.write(lambda session: time.sleep(0.1)))
    await asyncio.sleep(0)

    with pytest.raises(TimeoutError):
        await database.write(add)

    await slow


async def test_more_requests_than_may_wait_are_refused_at_once(database: Database) -> None:
    waiting = [asyncio.create_task(database.read(count)) for _ in range(41)]
    await asyncio.sleep(0)

    with pytest.raises(Overloaded):
        await database.write(add)

    assert await asyncio.gather(*waiting) == [[]] * 41
    assert await database.read(count) == []
