def note_change(session: Session, table: Table, row_id: int) -> None:
    """Note a change in the transaction that makes it; it is told when that is committed."""
    told = json.dumps(Change(table.name, row_id)._asdict())
    session.execute(NOTIFY, {"told": f"{token_hex(8)} {told}"})


class Live:
    """Tells changes to those who follow: those of all processes, in the order of their commits.

    The server tells all who listen the same. So a page may come back to any process, with the id
    of the last change it heard of.
    """

    def __init__(self, most_pages: int = MOST_PAGES) -> None:
        self.last_id = token_hex(8)
        self._kept = {self.last_id: b""}
        self._followers: set[asyncio.Queue[bytes]] = set()
        self._most_pages, self.open_pages = most_pages, 0
        self._listens = asyncio.Event()

    @asynccontextmanager
    async def listening(self, url: URL) -> AsyncGenerator[None]:
        """Hear of changes for as long as this lasts."""
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        task = asyncio.create_task(self._listen(make_conninfo(address, **LISTEN)))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._listens.wait(), LONGEST_START)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _listen(self, address: str) -> None:
        """Listen, and begin anew when the connection is lost."""
        while True:
            try:
                async with await AsyncConnection.connect(address, autocommit=True) as connection:
                    await self._hear_all(connection)
            except Error as error:
                logger.warning("Live updates wait for the database: %s", error)
                await asyncio.sleep(AGAIN)

    async def _hear_all(self, connection: AsyncConnection) -> None:
        """Have all pages start over, for nobody knows what they missed; then hear all changes."""
        mark = token_hex(8)
        await connection.execute("LISTEN changes")
        await connection.execute("SELECT pg_notify('changes', %s)", [mark])
        async with aclosing(gather(connection)) as told:
            heard = ""
            while heard != mark:
                heard = await anext(told)
            self.last_id, self._kept = mark, {mark: b""}
            self._tell(self._make_event("reset", ""))
            self._listens.set()
            async for change in told:
                self.hear(change)

    def hear(self, told: str) -> None:
        """Tell those who follow of a change.

        told: its id and what it is; or an id alone, with which another process began to listen.
        """
        self.last_id, _, change = told.partition(" ")
        event = self._make_event("change", change) if change else b""
        self._kept[self.last_id] = event
        if len(self._kept) > KEPT + 1:
            del self._kept[next(iter(self._kept))]
        self._tell(event)

    def _tell(self, event: bytes) -> None:
        for queue in [*self._followers] if event else ():
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._followers.discard(queue)

    async def catch_up(self, last_id: str) -> None:
        """Wait a moment for a change that a page has heard of, and this process has not yet."""
        for _ in range(LOOKS):
            if not last_id or last_id in self._kept:
                return
            await asyncio.sleep(GATHERING)

