def tell(updates: Live, *numbers: int) -> None:
    updates.publish([Change("things", number) for number in numbers])
