# call: (2024, 2, 29)
# call: (1999, 12, 31)
# call: (2000, 1, 1)
# call: (2026, 6, 15)
# call: (1970, 1, 1)
# call: (2023, 2, 29)
# call: (2038, 1, 19)
# call: (1900, 3, 1)
import calendar
import datetime
import email.utils
import time
from datetime import date, timedelta, timezone


def weekday(year, month, day):
    return date(year, month, day).weekday()


def as_text(year, month, day):
    return date(year, month, day).isoformat()


def next_day(year, month, day):
    return str(date(year, month, day) + timedelta(days=1))


def day_of_the_year(year, month, day):
    return date(year, month, day).timetuple().tm_yday


def week(year, month, day):
    return tuple(date(year, month, day).isocalendar())


def days_between(year, month, day):
    return (date(year, month, day) - date(2001, 9, 9)).days


def is_leap(year, month, day):
    return calendar.isleap(year)


def days_of_the_month(year, month, day):
    return calendar.monthrange(year, month)[1]


def month_as_text(year, month, day):
    return calendar.TextCalendar().formatmonth(year, month)


def in_utc(year, month, day):
    return datetime.datetime(year, month, day, tzinfo=timezone.utc).timestamp()


def with_an_offset(year, month, day):
    zone = timezone(timedelta(hours=5, minutes=30))
    return datetime.datetime(year, month, day, 23, 30, tzinfo=zone).astimezone(timezone.utc).isoformat()


def from_a_timestamp(year, month, day):
    return datetime.datetime.fromtimestamp(year * 86400 + day, timezone.utc).isoformat()


def gm_time(year, month, day):
    return time.gmtime(year * 1000 + month)[:6]


def formatted(year, month, day):
    return time.strftime('%d.%m.%Y', (year, month, day, 0, 0, 0, 0, 1, 0))


def parsed(year, month, day):
    return datetime.datetime.strptime(f'{year}-{month}-{day}', '%Y-%m-%d').date().toordinal()


def timegm(year, month, day):
    return calendar.timegm((year, month, day, 12, 0, 0))


def hours(year, month, day):
    return timedelta(days=day, hours=month).total_seconds() / 3600


def set_of_dates(year, month, day):
    return len({date(year, month, 1), date(year, month, 1), date(year, 1, 1)})


def date_equality(year, month, day):
    return date(year, month, 1) == date.fromisoformat(f'{year}-{month:02d}-01')


def hash_equality(year, month, day):
    return hash(date(year, month, 1)) == hash(date(year, month, 1))


def ends_before_the_deadline(year, month, day):
    begun = time.monotonic()
    total = sum(range(day))
    assert time.monotonic() - begun < 3600
    return total


def clock_goes_on(year, month, day):
    begun = time.time()
    return time.time() >= begun and time.perf_counter() >= 0


def age_on(year, month, day):
    born = date(1990, 5, 17)
    then = date(year, month, day)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def of_an_email(year, month, day):
    return email.utils.format_datetime(datetime.datetime(year, month, day, tzinfo=timezone.utc))


def type_names(year, month, day):
    return [type(datetime.datetime.now()).__name__, isinstance(date.today(), date), callable(time.time)]
