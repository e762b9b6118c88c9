{% for kind in decimals %}
{{ kind.name }} = Annotated[
    str,
    read_as(
        "a decimal of {{ kind.digits }} digits, {{ kind.places }} after the point",
        r"{{ kind.form }}",
        lambda text: f"{Decimal(text) + 0:.{{ kind.places }}f}",  # + 0 makes 0 of -0
    ),
]
{% endfor %}
