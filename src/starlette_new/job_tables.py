"""The tables of background work, as Alembic makes them: all but those of its queue."""

CREATE = [
    'op.create_table("exports", sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False), '
    'sa.Column("resource", sa.String(63), nullable=False), '
    'sa.Column("created_at", sa.DateTime(timezone=True), nullable=False), '
    'sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True), '
    'sa.Column("rows", sa.BigInteger(), nullable=True), '
    'sa.Column("job_id", sa.BigInteger(), nullable=True), '
    'sa.PrimaryKeyConstraint("id", name="pk_exports"),)',
    'op.create_index("ix_exports_created_at", "exports", ["created_at"])',
    'op.create_table("export_parts", sa.Column("export_id", sa.BigInteger(), nullable=False), '
    'sa.Column("number", sa.Integer(), nullable=False), '
    'sa.Column("content", sa.Text(), nullable=False), '
    'sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name="fk_export_parts_export_id", '
    'ondelete="CASCADE"), '
    'sa.PrimaryKeyConstraint("export_id", "number", name="pk_export_parts"),)',
    'op.create_table("job_errors", '
    'sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False), '
    'sa.Column("error", sa.Text(), nullable=False), '
    'sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False), '
    'sa.PrimaryKeyConstraint("job_id", name="pk_job_errors"),)',
]
DROP = [f'op.drop_table("{table}")' for table in ("job_errors", "export_parts", "exports")]
