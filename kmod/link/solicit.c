// SPDX-License-Identifier: GPL-2.0
/*
 * How many requests a link sends to all hosts.
 *
 * Every host of a LAN has to read a broadcast. Whoever sends datagrams to addresses
 * that nobody has would make this host send as many, so their rate is limited, by
 * token buckets (RFC 2697 calls them so). What is not sent is as if it were lost: the
 * entry's timer tries again, and counts the try. Requests to one host alone are not
 * limited.
 *
 *	solicits_per_sec, solicits_burst
 *	      |
 *	      +-- half ----------> common     first requests; others while it is half full
 *	      +-- half, shared --> share 0    packets of no socket: what others make us send
 *	                           share 1    sockets, by a hash: if common is empty, first
 *	                             ...      requests; others while the share is half full
 *	                           share 15
 *
 * Three things keep a flood from starving a new host:
 * - A request that is answered gives its token back. So the rate is that of requests
 *   for nobody, and ten thousand hosts that are there can be resolved at once.
 * - First requests come before repetitions, of which a flood makes the most.
 * - Each share has a part of its own, so that who floods the link by some sockets
 *   leaves the others theirs, as in stochastic fair queueing (RFC 2309, 5.1). Sockets
 *   may meet in a share: its last tokens are for who did not take the last one.
 *
 * A token is UNIT, so that the least rate, one request a second, of which a share gets
 * 1/32, can be added jiffy by jiffy without loss.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <net/sock.h>
#include "link/link.h"
#include "link/solicit.h"

#define PARTS	(2 * TEACH_SOLICIT_SHARES)
#define UNIT	((u64)PARTS * HZ)

/* Tokens of a share that are only for another sender than the last. */
#define RESERVE	4

/* More is not credited for a time without requests: any burst is full by then. */
#define LONGEST	(3600UL * HZ)

/* Tokens of a full bucket that gets @parts of PARTS. One at least, or it would be no use. */
static u64 bucket_full(const struct teach_parms *p, unsigned int parts)
{
	return max_t(u64, (u64)max(READ_ONCE(p->solicits_burst), 0) * parts * HZ, UNIT);
}

/* Tokens of a full share. */
static u64 share_full(const struct teach_parms *p)
{
	return bucket_full(p, 1) + RESERVE * UNIT;
}

static void bucket_add(u64 *bucket, u64 tokens, u64 full)
{
	*bucket = min(*bucket + tokens, full);
}

static void refill(struct teach_solicits *s, const struct teach_parms *p, unsigned long now)
{
	unsigned long elapsed = min(now - s->refilled, LONGEST);
	u64 tokens = (u64)elapsed * READ_ONCE(p->solicits_per_sec);
	unsigned int i;

	/* Also where nothing is due: a smaller burst may have been set. */
	s->refilled = now;
	bucket_add(&s->common, tokens * TEACH_SOLICIT_SHARES,
		   bucket_full(p, TEACH_SOLICIT_SHARES));
	for (i = 0; i < TEACH_SOLICIT_SHARES; i++)
		bucket_add(&s->share[i], tokens, share_full(p));
}

/* A repetition leaves half of the bucket to first requests. */
static bool take(u64 *bucket, u64 full, bool again)
{
	if (*bucket < UNIT || (again && *bucket < full / 2))
		return false;
	*bucket -= UNIT;
	return true;
}

static bool take_share(struct teach_solicits *s, const struct teach_parms *p, u16 sender,
		       bool again)
{
	unsigned int i = sender % TEACH_SOLICIT_SHARES;
	u64 reserve = again || s->last[i] == sender ? RESERVE * UNIT : 0;
	u64 bucket = s->share[i] - min(reserve, s->share[i]);

	if (!take(&bucket, bucket_full(p, 1), again))
		return false;
	s->share[i] -= UNIT;
	s->last[i] = sender;
	return true;
}

/**
 * teach_solicit_init() - a new link
 * @link: link that sends nothing yet
 * @now: jiffies
 */
void teach_solicit_init(struct teach_link *link, unsigned long now)
{
	struct teach_solicits *s = &link->solicits;
	unsigned int i;

	spin_lock_init(&s->lock);
	s->refilled = now;
	s->common = bucket_full(&link->parms, TEACH_SOLICIT_SHARES);
	for (i = 0; i < TEACH_SOLICIT_SHARES; i++) {
		s->share[i] = share_full(&link->parms);
		s->last[i] = 0;
	}
}

/**
 * teach_solicit_sender() - who makes us ask
 * @sk: socket that a packet comes from, or NULL
 *
 * Any context. Return: 0 for no socket, else a number that is the same for a socket as
 * long as it lives, and hardly ever for two. Its share is the number modulo
 * TEACH_SOLICIT_SHARES, and not 0.
 */
u16 teach_solicit_sender(const struct sock *sk)
{
	static siphash_key_t key __read_mostly;
	u64 hash;

	if (!sk)
		return 0;
	net_get_random_once(&key, sizeof(key));
	hash = siphash_1u64((unsigned long)sk, &key);
	return (hash >> 32) % (U16_MAX / TEACH_SOLICIT_SHARES) * TEACH_SOLICIT_SHARES +
	       1 + (u32)hash % (TEACH_SOLICIT_SHARES - 1);
}

/**
 * teach_solicit_allow() - may a request be sent to all?
 * @link: link
 * @sender: whose packet it is for, of teach_solicit_sender()
 * @again: the same was asked before and nobody answered
 * @now: jiffies
 *
 * Takes a token. Any context; an entry's lock may be held. Return: true if so.
 */
bool teach_solicit_allow(struct teach_link *link, u16 sender, bool again,
			 unsigned long now)
{
	const struct teach_parms *p = &link->parms;
	struct teach_solicits *s = &link->solicits;
	bool allowed;

	if (!READ_ONCE(p->solicits_per_sec))
		return true;
	spin_lock_bh(&s->lock);
	if (s->refilled != now)
		refill(s, p, now);
	allowed = take(&s->common, bucket_full(p, TEACH_SOLICIT_SHARES), again) ||
		  take_share(s, p, sender, again);
	spin_unlock_bh(&s->lock);
	return allowed;
}

/**
 * teach_solicit_answered() - somebody was there: give the token back
 * @link: link
 *
 * Once for each resolution in which a request was sent. Any context; an entry's lock
 * may be held.
 */
void teach_solicit_answered(struct teach_link *link)
{
	struct teach_solicits *s = &link->solicits;

	spin_lock_bh(&s->lock);
	bucket_add(&s->common, UNIT, bucket_full(&link->parms, TEACH_SOLICIT_SHARES));
	spin_unlock_bh(&s->lock);
}
