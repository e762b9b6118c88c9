    if listing.texts is not None and "trigrams" in bound:
        row, texts = listing.texts.columns
        searches.append(select(row).where(texts.bool_op("MATCH")(bindparam("trigrams"))))
