    if "where_q" in bound:
        searches.append(select(listing.table.c.id).where(_contain_text(listing)))
