// SPDX-License-Identifier: GPL-2.0
/*
 * Control messages: echo, and the errors that a host reports to another. They
 * do for TEACH what ICMP does for IPv4 (RFC 792), by the rules of RFC 1122,
 * section 3.2.2: no error is sent about an error, about a broadcast, or faster
 * than a rate.
 */
#include <linux/errqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "link/addr.h"
#include "link/stats.h"
#include "net/control.h"
#include "net/deliver.h"
#include "net/header.h"
#include "net/output.h"
#include "net/proto.h"

/* As net.ipv4.icmp_msgs_per_sec and icmp_msgs_burst. */
#define ERRORS_PER_SECOND	1000
#define ERRORS_BURST		50

/* A protocol's error handler reads this much of a quoted transport header. */
#define QUOTED_TRANSPORT	8

static unsigned int teach_control_net_id __read_mostly;
static const struct teach_protocol __rcu *echo_user __read_mostly;

/**
 * teach_control_net() - control messages of a network namespace
 * @net: network namespace
 *
 * Return: its parameters, for management.
 */
struct teach_control_net *teach_control_net(const struct net *net)
{
	return net_generic(net, teach_control_net_id);
}

/* ---- Sending ---------------------------------------------------------------- */

static bool rate_allows(struct net *net)
{
	struct teach_control_net *cn = teach_control_net(net);
	int burst = READ_ONCE(cn->burst);
	unsigned long elapsed;
	bool allowed;

	spin_lock_bh(&cn->lock);
	elapsed = min_t(unsigned long, jiffies - cn->refilled, HZ);
	/* Not before a whole one is due, or a low rate would never give any. */
	if (elapsed * READ_ONCE(cn->rate) >= HZ) {
		cn->tokens += elapsed * READ_ONCE(cn->rate) / HZ;
		cn->refilled = jiffies;
	}
	/* Also where a smaller burst was set meanwhile. */
	cn->tokens = min(cn->tokens, burst);
	allowed = cn->tokens > 0;
	if (allowed)
		cn->tokens--;
	spin_unlock_bh(&cn->lock);
	return allowed;
}

/* Send a message whose body is @len bytes of @from at @offset. */
static int control_send(struct net *net, const struct teach_flow *flow,
			const struct teach_ctlhdr *msg, u8 tclass,
			const struct sk_buff *from, int offset, unsigned int len)
{
	struct teach_path path;
	struct teach_ctlhdr *ctl;
	struct sk_buff *skb;
	unsigned int reserve;
	int err;

	err = teach_path_lookup(net, flow, &path);
	if (err)
		return err;
	if (TEACH_HDR_LEN + sizeof(*ctl) + len > teach_path_mtu(&path))
		return -EMSGSIZE;
	reserve = teach_output_reserve(&path);
	skb = alloc_skb(reserve + sizeof(*ctl) + len, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return -ENOMEM;

	skb_reserve(skb, reserve);
	skb_reset_transport_header(skb);
	ctl = skb_put_data(skb, msg, sizeof(*msg));
	err = skb_copy_bits(from, offset, skb_put(skb, len), len);
	if (err) {
		kfree_skb(skb);
		return err;
	}
	teach_csum_request(skb, offsetof(struct teach_ctlhdr, check),
			   path.saddr, path.daddr, TEACHPROTO_CONTROL);
	teach_hdr_push(skb, path.saddr, path.daddr, TEACHPROTO_CONTROL,
		       TEACH_DEFAULT_HOPLIMIT, tclass);
	teach_stats_inc(net, TEACH_STAT_CTL_OUT);
	teach_output(net, skb, &path);
	return 0;
}

/* Only who sent a unicast packet that is no error itself gets an error. */
static bool deserves_error(struct sk_buff *skb)
{
	const struct teachhdr *hdr = teach_hdr(skb);
	struct teach_ctlhdr buf;
	const struct teach_ctlhdr *ctl;

	if (teach_skb_cb(skb)->broadcast || skb->pkt_type != PACKET_HOST)
		return false;
	if (hdr->protocol != TEACHPROTO_CONTROL)
		return true;
	ctl = skb_header_pointer(skb, skb_transport_offset(skb), sizeof(buf), &buf);
	return ctl && ctl->type == TEACH_CTL_ECHO_REQUEST;
}

/**
 * teach_control_send_error() - report an error about a received packet
 * @net: network namespace
 * @skb: the packet, as teach_deliver() hands it up; not consumed
 * @type: TEACH_CTL_*
 * @code: by type
 * @info: by type, in host byte order
 *
 * Nothing is sent where RFC 1122 forbids it or the rate is exceeded. Context:
 * rcu_read_lock().
 */
void teach_control_send_error(struct net *net, struct sk_buff *skb, u8 type, u8 code,
			      u32 info)
{
	const struct teachhdr *hdr = teach_hdr(skb);
	const struct teach_flow flow = {
		.daddr = hdr->saddr,
		.saddr = hdr->daddr,
		/* To ourselves: by the device that it was sent to. */
		.oif = skb->dev == net->loopback_dev ? teach_skb_cb(skb)->ifindex : 0,
	};
	const struct teach_ctlhdr msg = {
		.type = type,
		.code = code,
		.un.info = htonl(info),
	};
	/* Not tot_len: the transport may have cut what follows it. */
	int len = min_t(int, (int)skb->len - skb_network_offset(skb), TEACH_CTL_QUOTE);

	if (!deserves_error(skb))
		return;
	if (!rate_allows(net)) {
		teach_stats_inc(net, TEACH_STAT_CTL_RATE_LIMITED);
		return;
	}
	if (control_send(net, &flow, &msg, hdr->tclass, skb,
			 skb_network_offset(skb), len))
		teach_stats_inc(net, TEACH_STAT_CTL_OUT_ERRORS);
	else
		teach_stats_inc(net, TEACH_STAT_CTL_OUT_UNREACHS);
}

/* ---- Errors about what we sent ---------------------------------------------- */

/* Tell the protocol that sent it. skb->data is at the TEACH header of the packet
 * that met the error. Return: false if the quote makes no sense.
 */
static bool report(struct net *net, struct sk_buff *skb,
		   const struct teach_error *error)
{
	const struct teach_protocol *protocol;
	const struct teachhdr *hdr;
	unsigned int hlen;

	if (!pskb_may_pull(skb, sizeof(*hdr)))
		return false;
	hdr = (const struct teachhdr *)skb->data;
	hlen = teach_hdr_len(hdr);
	if (teach_hdr_version(hdr) != TEACH_VERSION || hlen < sizeof(*hdr) ||
	    !pskb_may_pull(skb, hlen + QUOTED_TRANSPORT))
		return false;

	hdr = (const struct teachhdr *)skb->data;
	if (!teach_addr_is_local(net, hdr->saddr))
		return false;
	protocol = teach_protocol_get_rcu(hdr->protocol);
	if (protocol && protocol->err)
		protocol->err(net, skb, error);
	else
		teach_stats_inc(net, TEACH_STAT_CTL_NO_SOCKET);
	return true;
}

/**
 * teach_control_unreachable() - the next hop of a packet was not found
 * @net: network namespace
 * @skb: our packet, from its TEACH header on; consumed
 *
 * The sender's socket is told EHOSTUNREACH. Context: rcu_read_lock().
 */
void teach_control_unreachable(struct net *net, struct sk_buff *skb)
{
	const struct teach_error error = {
		.err		= EHOSTUNREACH,
		.fatal		= true,
		.origin		= SO_EE_ORIGIN_LOCAL,
		.type		= TEACH_CTL_UNREACH,
		.code		= TEACH_UNREACH_HOST,
		.offender	= teach_hdr(skb)->saddr,
		.ifindex	= skb->dev->ifindex,
	};

	local_bh_disable();
	report(net, skb, &error);
	local_bh_enable();
	kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
}

/* As icmp_err_convert of net/ipv4/icmp.c. */
static const struct {
	int	err;
	bool	fatal;
} unreach_errors[] = {
	[TEACH_UNREACH_NET]		= { ENETUNREACH,  false },
	[TEACH_UNREACH_HOST]		= { EHOSTUNREACH, false },
	[TEACH_UNREACH_PROTOCOL]	= { ENOPROTOOPT,  true },
	[TEACH_UNREACH_PORT]		= { ECONNREFUSED, true },
};

static bool rcv_unreach(struct net *net, struct sk_buff *skb,
			const struct teach_ctlhdr *ctl)
{
	struct teach_error error = {
		.origin		= SO_EE_ORIGIN_TEACH,
		.type		= ctl->type,
		.code		= ctl->code,
		.info		= ntohl(ctl->un.info),
		.offender	= teach_hdr(skb)->saddr,
		.ifindex	= teach_skb_cb(skb)->ifindex,
	};

	teach_stats_inc(net, TEACH_STAT_CTL_IN_UNREACHS);
	if (ctl->code >= ARRAY_SIZE(unreach_errors) || teach_skb_cb(skb)->broadcast)
		return false;
	error.err = unreach_errors[ctl->code].err;
	error.fatal = unreach_errors[ctl->code].fatal;

	__skb_pull(skb, sizeof(*ctl));
	return report(net, skb, &error);
}

/* ---- Receiving ---------------------------------------------------------------- */

static void rcv_echo_request(struct net *net, struct sk_buff *skb,
			     const struct teach_ctlhdr *ctl)
{
	const struct teachhdr *hdr = teach_hdr(skb);
	const struct teach_flow flow = {
		.daddr = hdr->saddr,
		.saddr = hdr->daddr,
	};
	struct teach_ctlhdr reply = *ctl;

	teach_stats_inc(net, TEACH_STAT_CTL_IN_ECHOS);
	/* As net.ipv4.icmp_echo_ignore_broadcasts: one frame, many answers. */
	if (teach_skb_cb(skb)->broadcast) {
		teach_stats_inc(net, TEACH_STAT_CTL_IN_ECHOS_IGNORED);
		return;
	}
	reply.type = TEACH_CTL_ECHO_REPLY;
	reply.check = 0;
	if (control_send(net, &flow, &reply, hdr->tclass, skb, sizeof(*ctl),
			 skb->len - sizeof(*ctl)))
		teach_stats_inc(net, TEACH_STAT_CTL_OUT_ERRORS);
	else
		teach_stats_inc(net, TEACH_STAT_CTL_OUT_ECHO_REPS);
}

static void control_rcv(struct net *net, struct sk_buff *skb)
{
	const struct teach_protocol *user;
	const struct teach_ctlhdr *ctl;

	teach_stats_inc(net, TEACH_STAT_CTL_IN);
	if (!pskb_may_pull(skb, sizeof(*ctl)))
		goto error;
	if (!teach_csum_ok(skb, TEACHPROTO_CONTROL)) {
		teach_drop(net, skb, TEACH_STAT_CTL_IN_CSUM_ERRORS,
			   SKB_DROP_REASON_ICMP_CSUM);
		return;
	}

	ctl = (const struct teach_ctlhdr *)skb->data;
	switch (ctl->type) {
	case TEACH_CTL_ECHO_REQUEST:
		rcv_echo_request(net, skb, ctl);
		break;
	case TEACH_CTL_ECHO_REPLY:
		teach_stats_inc(net, TEACH_STAT_CTL_IN_ECHO_REPS);
		user = rcu_dereference(echo_user);
		if (user) {
			user->rcv(net, skb);
			return;
		}
		teach_stats_inc(net, TEACH_STAT_CTL_NO_SOCKET);
		break;
	case TEACH_CTL_UNREACH:
		if (!rcv_unreach(net, skb, ctl))
			goto error;
		break;
	default:
		goto error;
	}
	consume_skb(skb);
	return;

error:
	teach_drop(net, skb, TEACH_STAT_CTL_IN_ERRORS, SKB_DROP_REASON_NOT_SPECIFIED);
}

/* Something became of an echo request that we sent. */
static void control_err(struct net *net, struct sk_buff *skb,
			const struct teach_error *error)
{
	const struct teach_protocol *user = rcu_dereference(echo_user);

	if (user)
		user->err(net, skb, error);
}

static const struct teach_protocol control_protocol = {
	.rcv	= control_rcv,
	.err	= control_err,
};

static void unknown_rcv(struct net *net, struct sk_buff *skb)
{
	teach_control_send_error(net, skb, TEACH_CTL_UNREACH,
				 TEACH_UNREACH_PROTOCOL, 0);
	teach_drop(net, skb, TEACH_STAT_IN_UNKNOWN_PROTOS,
		   SKB_DROP_REASON_UNHANDLED_PROTO);
}

static const struct teach_protocol unknown_protocol = {
	.rcv	= unknown_rcv,
};

/**
 * teach_control_set_echo_user() - who takes echo replies
 * @user: rcv gets replies from their struct teach_ctlhdr on, err errors about
 *	requests; or NULL for nobody, then waits until the last one is out
 *
 * Process context.
 */
void teach_control_set_echo_user(const struct teach_protocol *user)
{
	rcu_assign_pointer(echo_user, user);
	if (!user)
		synchronize_net();
}

static int __net_init teach_control_net_init(struct net *net)
{
	struct teach_control_net *cn = teach_control_net(net);

	spin_lock_init(&cn->lock);
	cn->rate = ERRORS_PER_SECOND;
	cn->burst = ERRORS_BURST;
	cn->tokens = ERRORS_BURST;
	cn->refilled = jiffies;
	return 0;
}

static struct pernet_operations teach_control_net_ops = {
	.init	= teach_control_net_init,
	.id	= &teach_control_net_id,
	.size	= sizeof(struct teach_control_net),
};

int __init teach_control_init(void)
{
	int err = register_pernet_subsys(&teach_control_net_ops);

	if (err)
		return err;
	err = teach_protocol_add(TEACHPROTO_CONTROL, &control_protocol);
	if (err)
		goto err_net;
	err = teach_protocol_add(TEACHPROTO_UNKNOWN, &unknown_protocol);
	if (err)
		goto err_control;
	return 0;

err_control:
	teach_protocol_del(TEACHPROTO_CONTROL);
err_net:
	unregister_pernet_subsys(&teach_control_net_ops);
	return err;
}

void teach_control_exit(void)
{
	teach_protocol_del(TEACHPROTO_UNKNOWN);
	teach_protocol_del(TEACHPROTO_CONTROL);
	unregister_pernet_subsys(&teach_control_net_ops);
}
