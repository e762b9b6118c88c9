@pytest.mark.parametrize("last_id", ["", "x", "1-of-things"])
async def test_a_page_that_missed_too_much_starts_over(
    last_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEPT", 1)
    updates = Live()
    tell(updates, 1, 2, 3)

    told = await anext(updates.follow(last_id))

    assert b"event: reset" in told
    assert b"id: 3-of-things" in told


async def test_a_page_may_have_heard_of_a_change_first(monkeypatch: pytest.MonkeyPatch) -> None:
    updates = Live()
    page = asyncio.create_task(updates.catch_up("1-of-things"))
    await asyncio.sleep(0)
    assert not page.done()

    tell(updates, 1)
    await page

    monkeypatch.setattr(live, "LOOKS", 1)
    await updates.catch_up("2-of-things")


async def test_every_process_hears_of_a_change(settings: Settings) -> None:
    database = Database(settings.database_url, 1)
    one, other = Live(), Live()
    async with one.listening(settings.database_url), other.listening(settings.database_url):
        for stream in (one.follow(other.last_id), other.follow(other.last_id)):
            await hear(stream)
            await database.write(note_change, Table("things", MetaData()), 7)
            assert await hear(stream) == [7]
            await stream.aclose()
    database.close()


async def test_a_process_that_lost_its_connection_has_pages_start_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "AGAIN", 0)
    database = Database(settings.database_url, 1)
    updates = Live()
    async with updates.listening(settings.database_url):
        stream = updates.follow(updates.last_id)
        await hear(stream)
        await database.write(lambda session: session.execute(text(END_OTHERS)))
        assert b"event: reset" in await asyncio.wait_for(anext(stream), 5)
        await stream.aclose()
    database.close()


async def test_it_starts_although_it_hears_of_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LONGEST_START", 0.1)

    async with Live().listening(settings.database_url.set(port=1)):
        pass
