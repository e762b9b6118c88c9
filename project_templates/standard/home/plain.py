templates = Jinja2Templates(Path(__file__).parent / "templates")


async def home(request: Request) -> Response:
    return templates.TemplateResponse(request, "home.html")
