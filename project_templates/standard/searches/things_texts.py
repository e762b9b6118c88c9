TEXTS = sa.table("things__texts", sa.column("rowid"), sa.column("things__texts"))
MAKE_TEXTS = """
CREATE VIRTUAL TABLE things__texts USING fts5
(texts, content='', detail='none', tokenize='trigram')
"""
FILL_TEXTS = "INSERT INTO things__texts (rowid, texts) SELECT id, size FROM things"
