    for name, links in listing.linked.items():
        if f"where_{name}" in bound:
            row, other = links.columns
            searches.append(select(row).where(other == bindparam(f"where_{name}")))
