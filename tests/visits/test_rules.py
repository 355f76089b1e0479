import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.visits.rules import Place, cell_of, judge_place, metres_between

HOST = (35.05, 118.35)
RULES = {"near_metres": 300, "unsure_accuracy_metres": 500, "cell_degrees": 0.02}
METRE = 1 / 111_195  # degrees of latitude


@pytest.mark.parametrize(
    ("away", "accuracy", "place"),
    [
        (0, 0, Place.NEAR),
        (299, 0, Place.NEAR),
        (301, 0, Place.FAR),
        (200, 99, Place.NEAR),
        (200, 102, Place.UNSURE),
        (400, 99, Place.FAR),
        (400, 102, Place.UNSURE),
        (0, 500, Place.UNSURE),
        (0, 501, Place.UNSURE),
        (50_000, 501, Place.UNSURE),
        (50_000, 499, Place.FAR),
    ],
)
def test_near_and_far_only_where_the_whole_circle_of_doubt_agrees(away, accuracy, place):
    spot = (HOST[0] + away * METRE, HOST[1])
    assert judge_place(spot=spot, accuracy=accuracy, host=HOST, rules=RULES).place == place


@pytest.mark.parametrize("spot", [None, (0.0, 0.0)])
def test_no_place_is_no_verdict(spot):
    assert judge_place(spot=spot, accuracy=0, host=HOST, rules=RULES) == (None, None)


def test_a_host_without_a_point_leaves_it_open():
    verdict = judge_place(spot=HOST, accuracy=5, host=None, rules=RULES)
    assert verdict.place == Place.UNSURE


def test_one_degree_of_latitude_is_111_km():
    assert metres_between((35, 118), (36, 118)) == pytest.approx(111_195, abs=50)


@given(st.floats(34, 36.5), st.floats(117, 119.5))
def test_a_cell_hides_where_in_two_kilometres_it_was(latitude, longitude):
    south, west = map(float, cell_of((latitude, longitude), degrees=0.02).split(","))
    assert -1e-6 <= latitude - south <= 0.02 + 1e-6
    assert -1e-6 <= longitude - west <= 0.02 + 1e-6
