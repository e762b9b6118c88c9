{% for kind in decimals %}
{{ kind.name }} = Annotated[
    Decimal,
    read_as("a decimal of {{ kind.digits }} digits, {{ kind.places }} after the point", r"{{ kind.form }}", Decimal),
    WithJsonSchema({"type": "string", "pattern": r"^{{ kind.form }}$"}),
]
{% endfor %}
