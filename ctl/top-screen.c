/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <locale.h>
#define NCURSES_NOMACROS
#include <ncurses.h>
#include <string.h>

#include "ctl/top.h"
#include "ctl/wait.h"
#include "seccompd/exit-codes.h"

typedef struct Screen {
	Top *top;
	size_t first; /* row that is shown first */
	bool quit;
} Screen;

static void put_line(int y, const Buffer *b)
{
	if (y < LINES && b->n > 0)
		(void)mvaddnstr(y, 0, b->p, (int)b->n);
}

static void draw_head(const Top *t, size_t width)
{
	for (unsigned i = 0; i < TOP_HEAD_LINES; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		top_head(t, i, width, &b);
		put_line((int)i, &b);
	}
}

static void draw(Screen *s)
{
	size_t width = (size_t)MAX(COLS, 1), room = (size_t)MAX(LINES - TOP_HEAD_LINES - 1, 0);
	_cleanup_buffer_ Buffer titles = BUFFER_NULL;
	const Top *t = s->top;

	s->first = MIN(s->first, t->n > room ? t->n - room : 0);
	(void)erase();
	draw_head(t, width);
	top_titles(t, width, &titles);
	(void)attron(A_BOLD);
	put_line(TOP_HEAD_LINES, &titles);
	(void)attroff(A_BOLD);
	for (size_t i = 0; i < room && s->first + i < t->n; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		top_row(t, &t->rows[s->first + i], width, &b);
		put_line((int)i + TOP_HEAD_LINES + 1, &b);
	}
	(void)refresh();
}

static void take_keys(Screen *s)
{
	static const struct {
		int key;
		TopSort sort;
	} sorts[] = {
		{ 'r', TOP_RATE }, { 'n', TOP_NEW }, { 'c', TOP_RECORDS }, { 'w', TOP_NAME }
	};
	int key;

	while ((key = getch()) != ERR) {
		s->quit = s->quit || key == 'q';
		s->first += key == KEY_DOWN;
		s->first -= key == KEY_UP && s->first > 0;
		for (size_t i = 0; i < ELEMENTSOF(sorts); i++)
			if (key == sorts[i].key)
				s->top->sort = sorts[i].sort;
	}
	top_order(s->top);
}

static int loop(Screen *s, const Waiter *w, unsigned ms, uint32_t count)
{
	usec_t next = waiter_clock() + ms * USEC_PER_MSEC;

	for (uint32_t shown = 1;; draw(s)) {
		usec_t now = waiter_clock();
		int r = 0;

		switch (waiter_wait(w, STDIN_FILENO,
				    now < next ? (unsigned)((next - now) / USEC_PER_MSEC) : 0)) {
		case WAIT_END:
			return 0;
		case WAIT_INPUT:
			take_keys(s);
			break;
		case WAIT_TIME:
			if (count > 0 && shown++ >= count)
				return 0;
			now = waiter_clock();
			r = top_look(s->top, now);
			/* Of a large ledger a look takes time. */
			next = MAX(now + ms * USEC_PER_MSEC, now + 10 * (waiter_clock() - now));
		}
		if (s->quit || r < 0)
			return r;
	}
}

/* Names may hold any letter, so the terminal's own locale is taken, or one that has them all. */
static void set_letters(void)
{
	const char *set = setlocale(LC_CTYPE, "");

	if (!set || strcmp(set, "C") == 0 || strcmp(set, "POSIX") == 0)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
}

static bool can_move_cursor(void)
{
	const char *s = tigetstr("cup");

	return s && s != (const char *)-1;
}

/* 0, or an exit code. ncurses would end the program itself, without our sentence. */
static int begin(SCREEN **ret)
{
	static const char remedy[] = "use -b, which prints one picture after the other";
	SCREEN *screen = NULL;

	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "top", "this is no terminal: %s", remedy);
	set_letters();
	screen = newterm(NULL, stdout, stdin);
	if (screen && !can_move_cursor()) {
		delscreen(screen);
		screen = NULL;
	}
	if (!screen)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "top",
				"a terminal of the kind \"%s\" cannot show it: %s",
				getenv("TERM") ?: "", remedy);
	(void)cbreak();
	(void)noecho();
	(void)nodelay(stdscr, true);
	(void)keypad(stdscr, true);
	(void)curs_set(0);
	*ret = screen;
	return 0;
}

int top_screen(Top *t, unsigned ms, uint32_t count)
{
	_cleanup_waiter_ Waiter waiter = WAITER_NULL;
	Screen s = { .top = t };
	SCREEN *screen = NULL;
	int r;

	r = begin(&screen);
	if (r != 0)
		return r;
	r = waiter_open(&waiter);
	if (r >= 0) {
		draw(&s);
		r = loop(&s, &waiter, ms, count);
	}
	(void)endwin();
	delscreen(screen);
	return r < 0 ? ctl_fail(SECCOMPD_EXIT_INPUT, "top", "%s", strerror(-r)) : SECCOMPD_EXIT_OK;
}
