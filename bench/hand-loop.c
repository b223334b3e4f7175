/*
 * bench/hand-loop.mjs in C, so that nobody wins against slow JavaScript:
 *   hand-loop JOB [FILLS]
 * JOB is little-endian: head, points, ATR, then the four price columns, as bench/hand-loop-c.mjs writes
 * them. Each line of standard input runs all points once and is answered by the processor time of
 * that pass in us; the first counts from the start of the process. In the end the fills of all points
 * go to FILLS.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MINUTE = 60000, HOUR = 60, FIRST = 20000, SECOND = 40000, LAST = 59999, MOST_FILLS = 65536 };

struct head {
  double points, rows, hours, first_hour, start_ms, maker_num, maker_den, taker_num, taker_den;
};
struct point { double multiplier, take_profit; };
struct fill { double time_ms, price, fee; };

static struct head head;
static struct point *points;
static double *atr;
static int32_t *open, *high, *low, *close_;

static struct point now;
static int flat;
static int32_t anchor, entry, exit_;
static struct fill fills[MOST_FILLS];
static int count, rows;

static double fee_of(double num, double den, double price) {
  double by = den * price, whole = floor(num / by);
  return 2 * (num - whole * by) >= by ? whole + 1 : whole;
}

static void book(double time_ms, int32_t price, int is_taker) {
  double fee = is_taker ? fee_of(head.taker_num, head.taker_den, price)
                        : fee_of(head.maker_num, head.maker_den, price);
  fills[count++] = (struct fill){time_ms, price, fee};
}

static int32_t entry_at(int hour) { return (int32_t)floor(anchor - now.multiplier * atr[hour]); }

static void buy(double time_ms, int32_t price, int is_taker, int hour) {
  book(time_ms, price, is_taker);
  flat = 0;
  exit_ = (int32_t)ceil(price + now.take_profit * atr[hour]);
}

static void sell(double time_ms, int hour) {
  book(time_ms, exit_, 0);
  flat = 1;
  anchor = exit_;
  entry = entry_at(hour);
}

static double crossing(double from_ms, double from, double to_ms, double to, double level) {
  return from_ms + ceil((level - from) * (to_ms - from_ms) / (to - from));
}

static void at_open(double time_ms, int32_t price, int row) {
  int hour = row / HOUR, opens_hour = row == HOUR * hour;
  if (!flat) {
    if (price > exit_) sell(time_ms, hour);
  } else if (price < entry) {
    buy(time_ms, entry, 0, opens_hour ? hour - 1 : hour);
  }
  if (!opens_hour || !flat) return;
  entry = entry_at(hour);
  if (entry > price) buy(time_ms, price + 1, 1, hour);
}

static void fall(double from_ms, int32_t from, double to_ms, int32_t to, int row) {
  if (!flat || to >= entry) return;
  buy(crossing(from_ms, from, to_ms, to, entry - 1), entry, 0, row / HOUR);
}

static void rise(double from_ms, int32_t from, double to_ms, int32_t to, int row) {
  if (flat || to <= exit_) return;
  sell(crossing(from_ms, from, to_ms, to, exit_ + 1), row / HOUR);
}

static void walk_candle(int row) {
  double t0 = head.start_ms + (double)MINUTE * row;
  at_open(t0, open[row], row);
  if (close_[row] >= open[row]) {
    fall(t0, open[row], t0 + FIRST, low[row], row);
    rise(t0 + FIRST, low[row], t0 + SECOND, high[row], row);
    fall(t0 + SECOND, high[row], t0 + LAST, close_[row], row);
  } else {
    rise(t0, open[row], t0 + FIRST, high[row], row);
    fall(t0 + FIRST, high[row], t0 + SECOND, low[row], row);
    rise(t0 + SECOND, low[row], t0 + LAST, close_[row], row);
  }
}

static int first_below(int row, int end, int32_t level) {
  while (row < end && low[row] >= level) row++;
  return row;
}

#ifdef WHOLE_HOURS
/* 60 candles without a branch: what the compiler makes of it with the processor's wide registers. */
static int hour_is_quiet(int row, int32_t level) {
  int32_t signs = 0;
  for (int i = 0; i < HOUR; i++) signs |= low[row + i] - level;
  return signs >= 0;
}
static int stay_below(int row, int32_t level) {
  int32_t signs = -1;
  for (int i = 0; i < HOUR; i++) signs &= high[row + i] - level;
  return signs < 0;
}
enum { TURN = HOUR };
#else
/* Ten candles a turn. */
#define BELOW(i) (low[row + (i)] - level)
#define ABOVE(i) (high[row + (i)] - level)
static int hour_is_quiet(int row, int32_t level) {
  for (int end = row + HOUR; row < end; row += 10)
    if ((BELOW(0) | BELOW(1) | BELOW(2) | BELOW(3) | BELOW(4) | BELOW(5) | BELOW(6) | BELOW(7) |
         BELOW(8) | BELOW(9)) < 0) return 0;
  return 1;
}
static int stay_below(int row, int32_t level) {
  return (ABOVE(0) & ABOVE(1) & ABOVE(2) & ABOVE(3) & ABOVE(4) & ABOVE(5) & ABOVE(6) & ABOVE(7) &
          ABOVE(8) & ABOVE(9)) < 0;
}
enum { TURN = 10 };
#endif

static int entry_hour(int hour) {
  int32_t level = entry;
  for (int hours = rows / HOUR; hour < hours; hour++) {
    int row = HOUR * hour;
    int32_t before = level;
    level = entry_at(hour);
    if ((low[row] < before && open[row] < before) || !hour_is_quiet(row, level)) {
      entry = before;
      return hour;
    }
  }
  return rows / HOUR;
}

static int entry_row(int from) {
  int next = (from + HOUR - 1) / HOUR, row = first_below(from, HOUR * next, entry);
  if (row < HOUR * next) return row;
  int hour = entry_hour(next), opening = HOUR * hour;
  if (opening == rows || open[opening] < entry) return opening;
  int32_t level = entry_at(hour);
  int found = first_below(opening, opening + HOUR, level);
  if (found > opening) entry = level;
  return found;
}

static int exit_row(int row) {
  int32_t level = exit_ + 1;
  while (row < rows - TURN + 1 && stay_below(row, level)) row += TURN;
  while (row < rows && high[row] < level) row++;
  return row;
}

static void run(struct point point) {
  int row = HOUR * (int)head.first_hour;
  now = point;
  count = 0;
  flat = 1;
  entry = 0;
  anchor = close_[row - 1];
  for (;;) {
    row = flat ? entry_row(row) : exit_row(row);
    if (row >= rows) return;
    walk_candle(row);
    row++;
  }
}

static void *take(FILE *file, size_t size, size_t number) {
  void *items = malloc(size * number);
  if (items == NULL || fread(items, size, number, file) != number) exit(2);
  return items;
}

static double used_us(void) { return 1e6 * (double)clock() / CLOCKS_PER_SEC; }

static void run_all(FILE *out) {
  for (size_t i = 0; i < (size_t)head.points; i++) {
    run(points[i]);
    if (out == NULL) continue;
    double number = count;
    fwrite(&number, sizeof number, 1, out);
    fwrite(fills, sizeof *fills, (size_t)count, out);
  }
}

int main(int argc, char **argv) {
  FILE *job = argc > 1 ? fopen(argv[1], "rb") : NULL;
  if (job == NULL || fread(&head, sizeof head, 1, job) != 1) return 2;
  rows = (int)head.rows;
  size_t many = (size_t)rows;
  points = take(job, sizeof *points, (size_t)head.points);
  atr = take(job, sizeof *atr, (size_t)head.hours);
  open = take(job, sizeof *open, many);
  high = take(job, sizeof *high, many);
  low = take(job, sizeof *low, many);
  close_ = take(job, sizeof *close_, many);
  char line[16];
  for (double before = 0; fgets(line, sizeof line, stdin) != NULL; before = used_us()) {
    run_all(NULL);
    printf("%.0f\n", used_us() - before);
    fflush(stdout);
  }
  if (argc < 3) return 0;
  FILE *out = fopen(argv[2], "wb");
  if (out == NULL) return 2;
  run_all(out);
  return fclose(out) == 0 ? 0 : 2;
}
