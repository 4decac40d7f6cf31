// SPDX-License-Identifier: GPL-2.0-or-later
/* The summary of a ping, as iputils prints it. */
#include <math.h>
#include "ping.h"

void ping_count(struct ping_figures *f, double ms)
{
	if (!f->received || ms < f->min)
		f->min = ms;
	if (!f->received || ms > f->max)
		f->max = ms;
	f->received++;
	f->sum += ms;
	f->sum2 += ms * ms;
}

static double loss(const struct ping_figures *f)
{
	if (!f->transmitted)
		return 0;
	return 100.0 * (f->transmitted - f->received) / f->transmitted;
}

/* Standard deviation, which rounding must not make negative. */
static double mdev(const struct ping_figures *f)
{
	double avg = f->sum / f->received;

	return sqrt(fmax(f->sum2 / f->received - avg * avg, 0));
}

static void js_ms(struct json_object *o, const char *key, double ms)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", ms);
	json_object_object_add(o, key, json_object_new_double_s(ms, text));
}

static void summary_json(struct cli *cli, const struct ping_figures *f,
			 const char *dest, size_t size, long time_ms)
{
	struct json_object *o = json_object_new_object(), *rtt;

	js_str(o, "destination", dest);
	js_num(o, "size", size);
	js_num(o, "transmitted", f->transmitted);
	js_num(o, "received", f->received);
	js_num(o, "duplicates", f->duplicates);
	js_num(o, "errors", f->errors);
	js_ms(o, "loss_percent", loss(f));
	js_num(o, "time_ms", time_ms);
	if (f->received) {
		rtt = json_object_new_object();
		js_ms(rtt, "min", f->min);
		js_ms(rtt, "avg", f->sum / f->received);
		js_ms(rtt, "max", f->max);
		js_ms(rtt, "mdev", mdev(f));
		json_object_object_add(o, "rtt_ms", rtt);
	}
	out_begin(cli);
	out_item(cli, o);
	out_end(cli);
}

void ping_summary(struct cli *cli, const struct ping_figures *f,
		  const char *dest, size_t size, long time_ms)
{
	if (cli->json) {
		summary_json(cli, f, dest, size, time_ms);
		return;
	}
	printf("\n--- %s ping statistics ---\n", dest);
	printf("%lu packets transmitted, %lu received", f->transmitted,
	       f->received);
	if (f->duplicates)
		printf(", +%lu duplicates", f->duplicates);
	if (f->errors)
		printf(", +%lu errors", f->errors);
	printf(", %g%% packet loss, time %ldms\n", loss(f), time_ms);
	if (f->received)
		printf("rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms\n",
		       f->min, f->sum / f->received, f->max, mdev(f));
}
