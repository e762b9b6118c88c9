TAGS = sa.Table(
    "things_tags",
    THINGS.metadata,
    sa.Column("thing_id", sa.Integer(), primary_key=True),
    sa.Column("tag_id", sa.Integer(), primary_key=True),
)
