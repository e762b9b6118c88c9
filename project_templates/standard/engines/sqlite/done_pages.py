            done.add_done_callback(self._finish)
            result, _ = await asyncio.shield(done)
            return result

    def _finish(self, done: asyncio.Future[tuple[Any, Sequence[Change]]]) -> None:
        self._writer.release()
        if not done.cancelled() and done.exception() is None:
            self._announce(done.result()[1])
