def tell(updates: Live, *numbers: int) -> None:
    for number in numbers:
        updates.hear(f"{number}-of-things {json.dumps({'resource': 'things', 'id': number})}")
