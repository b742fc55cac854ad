"""The whole front: the API with the pages of buyers and staff before it.

Not here: any of them.
"""

from __future__ import annotations

from earnest.web.api.reservations import route_for_pages
from earnest.web.app import Doors, create_app, routes
from earnest.web.house import House
from earnest.web.office import office_pages
from earnest.web.pages import doors
from earnest.web.pages.assets import static_door
from earnest.web.pages.live import live_door
from earnest.web.site import site_pages


def with_pages(house: House) -> Doors:
    """The application for programs and people."""
    operations = {route.operation: route for route in [*routes(), route_for_pages()]}
    site = doors.Doors(house, operations, sign_in="/sign-in")
    office = doors.Doors(house, operations, sign_in="/office/sign-in")
    pages = [
        static_door(),
        live_door(house),
        *site.handlers(site_pages()),
        *office.handlers(office_pages()),
    ]
    return create_app(house, pages, site.beyond)
