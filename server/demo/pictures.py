"""Flat drawings instead of photographs: nobody's home, nobody's face. Each scene comes untidy and,
where something can be put right, tidy; a Chinese caption where the machine has a font for it."""

import io
from collections.abc import Callable, Iterator
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

from .brush import (
    BROWN,
    CARS,
    DARK,
    FLOOR,
    GLASS,
    GREY,
    HEIGHT,
    PAPER,
    RED,
    ROAD,
    SKY,
    WALLS,
    WIDTH,
    Draw,
    car,
    street,
    tree,
)
from .city import dice

EACH = 2  # drawings of each scene
QUALITY = 82
FONTS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK-Bold.ttc",
    "NotoSerifCJK-Regular.ttc",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "PingFang.ttc",
    "msyh.ttc",
)
Scene = Callable[[Draw, Random, bool], None]


def draw(scene: str) -> Iterator[bytes]:
    """JPEG bytes of each drawing of one scene, the same ones each time."""
    paint, caption, good = SCENES[scene]
    for number in range(EACH):
        chance = dice(f"picture {scene} {number}")
        image = Image.new("RGB", (WIDTH, HEIGHT), chance.choice(SKY))
        pen = ImageDraw.Draw(image)
        paint(pen, chance, good)
        _caption(pen, caption)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=QUALITY)
        yield out.getvalue()


def _caption(pen: Draw, words: str) -> None:
    font = _font()
    if font is None:
        return
    pen.rectangle((0, HEIGHT - 74, WIDTH, HEIGHT), fill=DARK)
    pen.text((28, HEIGHT - 60), f"{words}（演示图）", font=font, fill="white")


@cache
def _font() -> ImageFont.FreeTypeFont | None:
    """Pillow looks in the system's own folders; without a Chinese font there is no caption."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, 38)
        except OSError:
            continue
    return None


def parking(pen: Draw, chance: Random, good: bool) -> None:
    street(pen, chance, ROAD)
    if good:
        for x in range(60, WIDTH, 270):
            pen.line((x, FLOOR + 30, x, FLOOR + 190), fill="white", width=8)
        for x in range(75, WIDTH - 250, 270):
            car(pen, chance, x, FLOOR + 100)
        return
    pen.line((0, FLOOR + 60, WIDTH, FLOOR + 60), fill="#f2c14e", width=8)
    for y in (FLOOR + 10, FLOOR + 90, FLOOR + 150):
        for x in range(chance.randrange(-80, 60), WIDTH, chance.randrange(236, 262)):
            car(pen, chance, x, y)


def bins(pen: Draw, chance: Random, good: bool) -> None:
    street(pen, chance)
    for i, paint in enumerate(("#2e7d32", "#1565c0", "#616161", "#b23a3a")):
        x = 170 + i * 220
        pen.polygon(
            [(x, FLOOR), (x + 150, FLOOR), (x + 134, FLOOR + 170), (x + 16, FLOOR + 170)],
            fill=paint,
        )
        pen.rectangle((x - 8, FLOOR - 22, x + 158, FLOOR), fill=DARK)
    if good:
        return
    for _ in range(26):
        x, y = chance.randrange(90, WIDTH - 140), chance.randrange(FLOOR + 110, FLOOR + 170)
        size = chance.randrange(36, 84)
        pen.ellipse((x, y - size, x + size, y), fill=chance.choice((DARK, PAPER, "#d9a441", GREY)))


def lamp(pen: Draw, chance: Random, good: bool) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#1d2740")
    for x in range(40, WIDTH, 150):
        pen.rectangle((x, 250, x + 110, FLOOR), fill="#2b3757")
        for y in range(280, FLOOR - 40, 70):
            lit = chance.random() < 0.35
            pen.rectangle((x + 16, y, x + 46, y + 34), fill="#f5d98b" if lit else "#1d2740")
    pen.rectangle((0, FLOOR, WIDTH, HEIGHT), fill="#343a46")
    for x in (220, 600, 980):
        if good:
            pen.polygon([(x, 210), (x - 190, FLOOR + 120), (x + 190, FLOOR + 120)], fill="#5b5a4a")
            pen.ellipse((x - 190, FLOOR + 80, x + 190, FLOOR + 160), fill="#8b845f")
        pen.rectangle((x - 7, 220, x + 7, FLOOR + 110), fill=GREY)
        pen.rounded_rectangle((x - 46, 186, x + 46, 222), 14, fill="#ffe9a8" if good else DARK)


def road(pen: Draw, chance: Random, good: bool) -> None:
    street(pen, chance, ROAD)
    for x in range(40, WIDTH, 200):
        pen.rectangle((x, FLOOR + 96, x + 110, FLOOR + 108), fill="white")
    if good:
        pen.ellipse((500, FLOOR + 120, 640, FLOOR + 180), fill="#6b7076", outline=DARK, width=6)
        return
    for _ in range(7):
        x, y = chance.randrange(60, WIDTH - 240), chance.randrange(FLOOR + 40, FLOOR + 140)
        width = chance.randrange(90, 200)
        pen.ellipse((x, y, x + width, y + width // 3), fill="#5a5347")
        pen.ellipse((x + 18, y + 8, x + width - 18, y + width // 3 - 8), fill="#7fa3b5")


def corridor(pen: Draw, chance: Random, good: bool) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#ece6d8")
    pen.polygon([(0, HEIGHT), (WIDTH, HEIGHT), (820, 420), (380, 420)], fill="#b9b2a3")
    pen.polygon([(380, 420), (820, 420), (820, 120), (380, 120)], fill="#dcd5c4")
    pen.rectangle((520, 190, 680, 420), fill="#8a5a3b")
    pen.rectangle((60, 250, 220, 760), fill="#8a5a3b")
    pen.rectangle((980, 250, 1140, 760), fill="#8a5a3b")
    pen.rounded_rectangle((250, 330, 330, 420), 8, fill=RED)
    if good:
        return
    for _ in range(9):
        x, y = chance.randrange(260, 820), chance.randrange(560, 780)
        size = chance.randrange(70, 150)
        box = (x, y - size, x + size + 20, y)
        pen.rectangle(
            box, fill=chance.choice(("#c69c6d", "#a67c52", "#d8b48a")), outline=BROWN, width=5
        )


def leak(pen: Draw, chance: Random, good: bool) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#f1ece2")
    pen.rectangle((0, FLOOR + 60, WIDTH, HEIGHT), fill="#c9a77c")
    pen.rectangle((700, 190, 1050, 520), fill=GLASS, outline="white", width=16)
    pen.rounded_rectangle((110, 520, 560, FLOOR + 120), 30, fill="#6f8f7f")
    if good:
        return
    for _ in range(16):
        x, y = chance.randrange(100, 640), chance.randrange(-30, 190)
        pen.ellipse(
            (x, y, x + chance.randrange(60, 220), y + chance.randrange(40, 130)), fill="#d3c3a0"
        )
    for _ in range(12):
        x, y = chance.randrange(150, 650), chance.randrange(220, 500)
        pen.ellipse((x, y, x + 14, y + 26), fill="#7fb0cc")


def steps(pen: Draw, chance: Random, good: bool) -> None:
    street(pen, chance)
    pen.rectangle((430, 240, 790, FLOOR + 40), fill="#d9cbb5")
    pen.rectangle((520, 330, 700, FLOOR), fill="#6d4c3d")
    for i in range(4):
        pen.rectangle(
            (440 - i * 34, FLOOR + i * 36, 780 + i * 34, FLOOR + 36 + i * 36),
            fill=("#a9a9a9", "#bdbdbd")[i % 2],
        )
    if good:
        pen.polygon([(790, FLOOR), (1130, FLOOR + 150), (790, FLOOR + 150)], fill="#8f9aa3")
        pen.line((790, FLOOR - 70, 1130, FLOOR + 80), fill="#c9a227", width=12)


def greens(pen: Draw, chance: Random, good: bool) -> None:
    street(pen, chance, "#a9c49a")
    for x in range(90, WIDTH, 170):
        tree(pen, x, chance.randrange(200, 240) if good else chance.randrange(280, 430))
    pen.rounded_rectangle((380, FLOOR + 110, 780, FLOOR + 134), 10, fill=BROWN)
    for x in (420, 720):
        pen.rectangle((x, FLOOR + 134, x + 24, FLOOR + 180), fill=DARK)


def homes(pen: Draw, chance: Random, good: bool) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#e8e0d0")
    pen.rectangle((0, FLOOR + 130, WIDTH, HEIGHT), fill="#b5aa98")
    pen.rectangle(
        (400, 130, 800, FLOOR + 130), fill=chance.choice(("#7a4b35", "#4f6b5c", "#5b5f77"))
    )
    pen.ellipse((735, 430, 765, 460), fill="#d9b44a")
    pen.rectangle((290, 150, 370, FLOOR + 60), fill=RED)
    pen.rectangle((830, 150, 910, FLOOR + 60), fill=RED)
    pen.rectangle((460, 40, 740, 110), fill=RED)
    pen.polygon([(600, 210), (680, 290), (600, 370), (520, 290)], fill=RED)


def room(pen: Draw, chance: Random, good: bool) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=chance.choice(("#f3ead9", "#e6edf0")))
    pen.rectangle((0, FLOOR + 40, WIDTH, HEIGHT), fill="#c8b08a")
    pen.rectangle((130, 110, 1070, 200), fill=RED)
    for x in range(160, 1040, 220):
        pen.rectangle((x, 260, x + 150, 420), fill=PAPER, outline=GREY, width=6)
    pen.polygon([(190, 560), (1010, 560), (1110, 760), (90, 760)], fill="#9c6b43")
    for x in range(210, 1000, 130):
        pen.rounded_rectangle((x, 500, x + 80, 590), 16, fill=chance.choice(CARS))


def works(pen: Draw, chance: Random, good: bool) -> None:
    pen.rectangle((0, FLOOR, WIDTH, HEIGHT), fill="#b3b6b8")
    for i in range(4):
        x = 60 + i * 270
        pen.polygon(
            [(x, 330), (x + 270, 250), (x + 270, FLOOR), (x, FLOOR)], fill=chance.choice(WALLS)
        )
        pen.rectangle((x + 40, 400, x + 200, 480), fill=GLASS)
    pen.rectangle((930, 90, 1000, 330), fill="#a65f4b")
    pen.rectangle((120, FLOOR + 60, 420, FLOOR + 150), fill="#3b6ea5")
    pen.rectangle((420, FLOOR + 90, 500, FLOOR + 150), fill="#2a4f78")
    for x in (160, 330, 430):
        pen.ellipse((x, FLOOR + 130, x + 60, FLOOR + 190), fill=DARK)


def office(pen: Draw, chance: Random, good: bool) -> None:
    room(pen, chance, good)
    for x in range(250, 960, 240):
        pen.rectangle((x, 610, x + 90, 660), fill=PAPER)


# Scene → how it is drawn, its caption, whether it is put right.
SCENES: dict[str, tuple[Scene, str, bool]] = {
    "parking": (parking, "小区停车", False),
    "parking_done": (parking, "重新划线后的停车位", True),
    "bins": (bins, "垃圾桶满溢", False),
    "bins_done": (bins, "清运以后", True),
    "lamp": (lamp, "路灯不亮", False),
    "lamp_done": (lamp, "路灯修好", True),
    "road": (road, "路面坑洼", False),
    "road_done": (road, "路面补平", True),
    "corridor": (corridor, "楼道堆物", False),
    "corridor_done": (corridor, "楼道清理后", True),
    "leak": (leak, "屋顶渗漏", False),
    "leak_done": (leak, "修缮以后", True),
    "steps": (steps, "门口台阶", False),
    "steps_done": (steps, "新做的坡道", True),
    "greens": (greens, "树枝遮窗", False),
    "greens_done": (greens, "修剪以后", True),
    "homes": (homes, "入户走访", True),
    "room": (room, "活动室", True),
    "works": (works, "企业走访", True),
    "office": (office, "座谈", True),
}
