    def _list_missed(self, last_id: str) -> list[bytes]:
        number = last_id.removeprefix(f"{self._run}-")
        missed = self._count - int(number) if re.fullmatch("[0-9]{1,18}", number) else -1
        if 0 <= missed <= len(self._kept):
            return list(self._kept)[len(self._kept) - missed :]
        return [self._make_event("reset", "")]

    def _make_event(self, kind: str, data: str) -> bytes:
        return ServerSentEvent(data, event=kind, id=self.last_id, retry=RETRY).encode()


