"""What several drawings share: size, colours, houses, trees, cars."""

from random import Random

from PIL import ImageDraw

WIDTH, HEIGHT = 1200, 900
FLOOR = 640  # where walls end and ground begins
SKY = ("#cfe6f5", "#d9ebe6", "#f3e3cf", "#dfe3ee")
WALLS = ("#e9dcc3", "#d8cdbd", "#e6d3c8", "#cfd6cf", "#dcd5e2")
CARS = ("#b23a3a", "#3b6ea5", "#e0e0e0", "#4a4a4a", "#c9a227", "#3f7d58")
GREEN, BROWN, GREY, DARK, ROAD = "#5d9b62", "#7a5a3c", "#9aa0a6", "#3c4043", "#8b8f94"
RED, GLASS, PAPER = "#c7000b", "#a9cbe0", "#fffdf7"


Draw = ImageDraw.ImageDraw


def block(pen: Draw, chance: Random, left: int, width: int, top: int) -> None:
    """A block of flats."""
    pen.rectangle((left, top, left + width, FLOOR), fill=chance.choice(WALLS))
    for y in range(top + 30, FLOOR - 70, 78):
        for x in range(left + 24, left + width - 50, 74):
            pen.rectangle((x, y, x + 42, y + 46), fill=GLASS, outline="white", width=4)
    pen.rectangle((left, top - 14, left + width, top), fill="#a65f4b")


def street(pen: Draw, chance: Random, ground: str = "#bfc6bd") -> None:
    x = -40
    while x < WIDTH:
        width = chance.randrange(220, 340)
        block(pen, chance, x, width - 26, chance.randrange(130, 300))
        x += width
    pen.rectangle((0, FLOOR, WIDTH, HEIGHT), fill=ground)


def tree(pen: Draw, x: int, size: int, leaves: str = GREEN) -> None:
    pen.rectangle((x - size // 12, FLOOR - size // 2, x + size // 12, FLOOR + 10), fill=BROWN)
    for dx, dy, r in ((0, -size, 0.42), (-0.3, -0.75, 0.34), (0.3, -0.75, 0.34)):
        cx = x + int(dx * size) if isinstance(dx, float) else x
        cy = FLOOR + (int(dy * size) if isinstance(dy, float) else dy)
        radius = int(size * r)
        pen.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=leaves)


def car(pen: Draw, chance: Random, x: int, y: int) -> None:
    paint = chance.choice(CARS)
    pen.polygon([(x + 40, y), (x + 70, y - 44), (x + 160, y - 44), (x + 196, y)], fill=paint)
    pen.polygon(
        [(x + 58, y - 4), (x + 78, y - 36), (x + 112, y - 36), (x + 112, y - 4)], fill=GLASS
    )
    pen.polygon(
        [(x + 120, y - 4), (x + 120, y - 36), (x + 154, y - 36), (x + 178, y - 4)], fill=GLASS
    )
    pen.rounded_rectangle((x, y - 4, x + 230, y + 46), 16, fill=paint)
    for wheel in (x + 34, x + 156):
        pen.ellipse((wheel, y + 22, wheel + 44, y + 66), fill=DARK)
        pen.ellipse((wheel + 13, y + 35, wheel + 31, y + 53), fill=GREY)
