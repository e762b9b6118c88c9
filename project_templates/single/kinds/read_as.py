def read_as(what: str, form: str, read: Callable[[str], object] = str) -> AfterValidator:
    """Accept texts of this form only, and keep what `read` makes of them."""

    def check(text: str) -> str:
        if re.fullmatch(form, text):
            with suppress(ValueError, OverflowError):
                return str(read(text))
        raise ValueError(f"Should be {what}")

    return AfterValidator(check)
