            done.add_done_callback(lambda _: self._writer.release())
            return await asyncio.shield(done)
