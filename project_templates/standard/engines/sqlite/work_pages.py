        def work() -> tuple[T, Sequence[Change]]:
            with Session(self._writing_engine) as session:
                with session.begin():
                    result = query(session, *args, **kwargs)
                return result, session.info.get("changes", ())
