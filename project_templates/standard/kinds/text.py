def text(longest: int) -> Any:
    """A text that is not empty, and has no NUL, which not every database can keep."""
    return Field(min_length=1, max_length=longest, pattern=r"^[^\u0000]*$")
