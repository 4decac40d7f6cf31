// SPDX-License-Identifier: GPL-2.0
/*
 * Bugs on purpose, to show that the tests turn red when there is one. Compiled only with
 * CONFIG_TEACH_PLANT=y (`make modules TEACH_PLANT=y`); nothing else refers to this file.
 *
 * Writing to /sys/module/teach/parameters/plant makes one bug, at once:
 *
 *	leak	memory that nothing points to any more
 *	uaf	memory is read after it was freed
 *	lock	two locks are taken in one order and then in the other
 *	sleep	memory is asked for under a spinlock, in a way that may sleep
 *	ref	a reference to the device "plant0" is never given back
 *
 * Process context, one write at a time (the lock of module parameters).
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <net/net_namespace.h>

/* Some are found by chance: in an old stack frame, or in what the allocator notes. */
#define LOST		1000
#define LOST_BYTES	200

static DEFINE_MUTEX(first_lock);
static DEFINE_MUTEX(second_lock);
static DEFINE_SPINLOCK(spinlock);

static noinline int plant_leak(void)
{
	int i;

	for (i = 0; i < LOST; i++) {
		void *p = kmalloc(LOST_BYTES, GFP_KERNEL);

		if (!p)
			return -ENOMEM;
		/* Or the compiler might leave it out. */
		OPTIMIZER_HIDE_VAR(p);
	}
	return 0;
}

static noinline int plant_uaf(void)
{
	u8 *p = kzalloc(LOST_BYTES, GFP_KERNEL), *q = p;

	if (!p)
		return -ENOMEM;
	OPTIMIZER_HIDE_VAR(q);
	kfree(p);
	pr_info("teach: plant: read %u\n", READ_ONCE(q[LOST_BYTES / 2]));
	return 0;
}

/* One thread does both, so nothing hangs: it is the order that is wrong. */
static noinline int plant_lock(void)
{
	mutex_lock(&first_lock);
	mutex_lock(&second_lock);
	mutex_unlock(&second_lock);
	mutex_unlock(&first_lock);

	mutex_lock(&second_lock);
	mutex_lock(&first_lock);
	mutex_unlock(&first_lock);
	mutex_unlock(&second_lock);
	return 0;
}

static noinline int plant_sleep(void)
{
	void *p;

	spin_lock(&spinlock);
	p = kmalloc(LOST_BYTES, GFP_KERNEL);
	spin_unlock(&spinlock);
	kfree(p);
	return 0;
}

static noinline int plant_ref(void)
{
	/* dev_get_by_name() takes it. */
	return dev_get_by_name(current->nsproxy->net_ns, "plant0") ? 0 : -ENODEV;
}

static const struct {
	const char *name;
	int (*make)(void);
} plants[] = {
	{ "leak",	plant_leak },
	{ "uaf",	plant_uaf },
	{ "lock",	plant_lock },
	{ "sleep",	plant_sleep },
	{ "ref",	plant_ref },
};

static int plant_set(const char *val, const struct kernel_param *kp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plants); i++)
		if (sysfs_streq(val, plants[i].name))
			return plants[i].make();
	return -EINVAL;
}

static const struct kernel_param_ops plant_ops = {
	.set	= plant_set,
};

module_param_cb(plant, &plant_ops, NULL, 0200);
MODULE_PARM_DESC(plant, "make a bug: leak, uaf, lock, sleep or ref");
