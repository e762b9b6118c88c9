        def work() -> T:
            with Session(self._writing_engine) as session, session.begin():
                return query(session, *args, **kwargs)
