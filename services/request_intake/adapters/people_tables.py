"""What is known of people beside themselves: who appraises whom."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, Table, Text

from services.request_intake.adapters.tables import metadata, person

appraisal = Table(
    "appraisal",
    metadata,
    Column("coach_id", ForeignKey(person.c.id), primary_key=True),
    Column("teacher_id", ForeignKey(person.c.id), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("stands", Boolean, nullable=False),
    Column("kept_by", Text, nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
    Index(None, "teacher_id"),
)
