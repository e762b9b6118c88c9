def ask(session: Session) -> None:
    session.execute(text("SELECT 1"))
