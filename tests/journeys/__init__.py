import pytest

pytest.register_assert_rewrite("tests.journeys.november")  # which says what differs, as tests do
