"""What a FastAPI user would write today: the same table and answers, on asyncpg."""

import os
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import DateTime, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel, col, select

engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=8, max_overflow=0)
make_session = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class TaskIn(SQLModel):
    title: str = Field(min_length=1, max_length=200)
    notes: str | None = None
    done: bool = False


class Task(TaskIn, table=True):
    __tablename__ = "peer_tasks"
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(
        default_factory=lambda: datetime.now(UTC), sa_type=DateTime(timezone=True)
    )


async def open_session() -> AsyncGenerator[AsyncSession]:
    async with make_session() as session:
        yield session


Session = Annotated[AsyncSession, Depends(open_session)]


@app.get("/health/ready")
async def ready(session: Session) -> dict[str, str]:
    await session.execute(text("SELECT 1"))
    return {"status": "ready"}


@app.get("/api/tasks/{task_id}", response_model=Task)
async def read_task(task_id: int, session: Session) -> Task:
    task = await session.get(Task, task_id)
    if task is None:
        raise HTTPException(404)
    return task


@app.get("/api/tasks", response_model=list[Task])
async def list_tasks(session: Session, limit: int = 20) -> Sequence[Task]:
    return (await session.scalars(select(Task).order_by(col(Task.id)).limit(limit))).all()


@app.post("/api/tasks", response_model=Task, status_code=201)
async def create_task(data: TaskIn, session: Session) -> Task:
    task = Task.model_validate(data)
    session.add(task)
    await session.commit()
    await session.refresh(task)
    return task
