// SPDX-License-Identifier: GPL-2.0
/*
 * An Ethernet device for suites: it is up, belongs to init_net, and keeps the frames of
 * TEACH that it is to send. It goes when the test case ends, and all that hangs on its
 * link with it.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include "link/addr.h"
#include "link/link.h"
#include "test/device.h"

const u8 teach_test_own_mac[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x01 };
const u8 teach_test_mac[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x99 };

/**
 * struct test_device - private part of the device
 * @sent: frames, oldest first
 */
struct test_device {
	struct sk_buff_head sent;
};

/* Other families may be in this kernel, and greet each device. */
static bool is_ours(const struct sk_buff *skb)
{
	const struct ethhdr *eth = (struct ethhdr *)skb->data;
	const struct arphdr *arp = (struct arphdr *)(eth + 1);

	if (eth->h_proto == htons(ETH_P_TEACH))
		return true;
	return eth->h_proto == htons(ETH_P_ARP) && arp->ar_pro == htons(ETH_P_TEACH);
}

static netdev_tx_t test_device_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct test_device *td = netdev_priv(dev);

	if (is_ours(skb))
		skb_queue_tail(&td->sent, skb);
	else
		dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops test_device_ops = {
	.ndo_start_xmit = test_device_xmit,
};

static void test_device_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &test_device_ops;
	/* Frames come to test_device_xmit() at once. */
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->min_mtu = 0;
}

static void test_device_end(void *data)
{
	struct net_device *dev = data;
	struct test_device *td = netdev_priv(dev);

	unregister_netdev(dev);
	skb_queue_purge(&td->sent);
	free_netdev(dev);
	/* What RCU frees is this case's, also for who looks for leaks. */
	rcu_barrier();
}

/**
 * teach_test_link() - a new Ethernet device with TEACH
 * @test: test, which fails and ends if there is none
 *
 * The n-th device of a test has the MAC address 02:00:00:00:00:0n. Process context
 * without RTNL. Return: its link, valid until the test case ends.
 */
struct teach_link *teach_test_link(struct kunit *test)
{
	u8 mac[ETH_ALEN];
	struct net_device *dev;
	struct test_device *td;
	struct teach_link *link;
	int err;

	dev = alloc_netdev(sizeof(*td), "teachtest%d", NET_NAME_UNKNOWN, test_device_setup);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	td = netdev_priv(dev);
	skb_queue_head_init(&td->sent);
	ether_addr_copy(mac, teach_test_own_mac);
	mac[ETH_ALEN - 1] += (unsigned long)test->priv;
	test->priv = (void *)((unsigned long)test->priv + 1);
	eth_hw_addr_set(dev, mac);
	err = register_netdev(dev);
	if (err)
		free_netdev(dev);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, test_device_end, dev), 0);

	rtnl_lock();
	err = dev_open(dev, NULL);
	link = teach_link_get_rtnl(dev_net(dev), dev->ifindex);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_ASSERT_NOT_NULL(test, link);
	return link;
}

/**
 * teach_test_add_addr() - give a link an address
 * @test: test, which fails and ends if that is not possible
 * @link: link
 * @addr: address
 * @prefix_len: bits of it that are the network's
 *
 * Process context without RTNL.
 */
void teach_test_add_addr(struct kunit *test, struct teach_link *link, __be32 addr,
			 u8 prefix_len)
{
	int err;

	rtnl_lock();
	err = teach_addr_add(link, addr, prefix_len, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

/**
 * teach_test_sent() - the oldest frame that the device has sent
 * @link: its link
 *
 * Return: the frame from its Ethernet header on, which is the caller's to free; NULL if
 * there is none.
 */
struct sk_buff *teach_test_sent(struct teach_link *link)
{
	struct test_device *td = netdev_priv(link->dev);

	return skb_dequeue(&td->sent);
}

/**
 * teach_test_skb() - a packet
 * @test: test, which fails and ends without memory
 * @data: its bytes
 * @len: how many
 *
 * Return: the packet, with room before it, as the caller's.
 */
struct sk_buff *teach_test_skb(struct kunit *test, const void *data, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(128 + len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 128);
	skb_put_data(skb, data, len);
	skb_reset_network_header(skb);
	skb_reset_transport_header(skb);
	return skb;
}

/**
 * teach_test_generation() - teach_link_generation() for who is in no RCU section
 * @link: link
 *
 * Return: that of the link's namespace.
 */
u32 teach_test_generation(const struct teach_link *link)
{
	u32 generation;

	rcu_read_lock();
	generation = teach_link_generation(link->net);
	rcu_read_unlock();
	return generation;
}
