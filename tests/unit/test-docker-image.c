/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/docker-image: an image cannot call itself a service of somebody's project. */
#include <fcntl.h>
#include <sys/stat.h>

#include "state/container.h"
#include "state/docker-image.h"
#include "state/state-file.h"
#include "tests/unit/unit.h"
#include "util/file.h"

#define ID "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"
#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define PROJECT "\"com.docker.compose.project\":\"shop\""
#define SERVICE "\"com.docker.compose.service\":\"web\""

static char root[64];

#define FOLDER "var/lib/docker/containers/" ID
static const char *const folders[] = {
	"var",
	"var/lib",
	"var/lib/docker",
	"var/lib/docker/containers",
	FOLDER,
	"var/lib/docker/image",
	"var/lib/docker/image/vfs",
	"var/lib/docker/image/vfs/imagedb",
	"var/lib/docker/image/vfs/imagedb/content",
	"var/lib/docker/image/vfs/imagedb/content/sha256",
};
#define CONFIG "var/lib/docker/containers/" ID "/config.v2.json"
#define IMAGE "var/lib/docker/image/vfs/imagedb/content/sha256/" DIGEST
static const char *const files[] = { CONFIG, IMAGE };

static const char *path_of(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static int set_up(void **state)
{
	(void)state;
	strcpy(root, "/tmp/seccompd-docker-image-XXXXXX");
	if (!mkdtemp(root))
		return -1;
	for (size_t i = 0; i < ELEMENTSOF(folders); i++)
		if (mkdir(path_of(folders[i]), 0700) < 0)
			return -1;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(files); i++)
		unlink(path_of(files[i]));
	for (size_t i = ELEMENTSOF(folders); i-- > 0;)
		rmdir(path_of(folders[i]));
	return rmdir(root);
}

static void put(size_t which, const char *text)
{
	assert_int_equal(file_replace(path_of(files[which]), span_of(text), 0600), 0);
}

static void put_container(const char *labels)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "{\"ID\":\"" ID "\",\"Name\":\"/n\",\"Driver\":\"vfs\",\"Image\":\"sha256:" DIGEST
		 "\",\"Config\":{\"Image\":\"i\",\"Labels\":{%s}}}",
		 labels);
	put(0, text);
}

static void find(Container *c)
{
	_cleanup_close_ int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	StateRoots roots = { .proc_fd = -1, .root_fd = fd };
	Diag d = { 0 };

	assert_true(fd >= 0);
	if (container_find(&roots, "docker", ID, SPAN_NULL, c, &d) < 0)
		fail_msg("%s", d.text);
}

static void test_labels_of_an_image_name_nobody(void **state)
{
	_cleanup_container_ Container c = { 0 };

	(void)state;
	put_container(PROJECT "," SERVICE ",\"mine\":\"1\"");
	put(1, "{\"config\":{\"Labels\":{" PROJECT "," SERVICE "}}}");
	find(&c);
	assert_string_equal(c.names.compose_project, "");
	assert_string_equal(c.names.compose_service, "");
	assert_string_equal(c.names.name, "n");
	/* for MatchLabel= they are labels as any others */
	assert_string_equal(labels_get(&c.labels, "com.docker.compose.project"), "shop");
	assert_string_equal(labels_get(&c.labels, "mine"), "1");
}

static void test_labels_of_the_container_do(void **state)
{
	static const char *const images[] = {
		NULL,
		"{\"config\":{\"Labels\":null}}",
		"{\"config\":{\"Labels\":{\"com.docker.compose.project\":\"other\"}}}",
		"{}",
		"[]",
		"not JSON",
	};

	(void)state;
	put_container(PROJECT "," SERVICE);
	for (size_t i = 0; i < ELEMENTSOF(images); i++) {
		_cleanup_container_ Container c = { 0 };

		if (images[i])
			put(1, images[i]);
		find(&c);
		assert_string_equal(c.names.compose_project, "shop");
		assert_string_equal(c.names.compose_service, "web");
	}
}

/* An image with many labels does not push out what the container was given. */
static void test_a_containers_own_labels_find_room_first(void **state)
{
	_cleanup_container_ Container c = { 0 };
	char labels[900] = "", image[1024];
	size_t n = 0;

	(void)state;
	for (int i = 0; i < LABELS_MAX; i++)
		n += (size_t)snprintf(labels + n, sizeof(labels) - n, "%s\"a%d\":\"x\"",
				      i > 0 ? "," : "", i);
	snprintf(image, sizeof(image), "{\"config\":{\"Labels\":{%s}}}", labels);
	put(1, image);
	snprintf(labels + n, sizeof(labels) - n, ",\"z\":\"own\"");
	put_container(labels);
	find(&c);
	assert_string_equal(labels_get(&c.labels, "z"), "own");
	assert_int_equal(c.labels.n, LABELS_MAX);
	assert_int_equal(c.labels.dropped, 1);
}

static void test_no_path_is_made_of_what_is_no_name(void **state)
{
	static const char *const configs[] = {
		"{\"Driver\":\"../../x\",\"Image\":\"sha256:" DIGEST "\"}",
		"{\"Driver\":\"\",\"Image\":\"sha256:" DIGEST "\"}",
		"{\"Driver\":\"vfs\",\"Image\":\"sha256:../../../../../../../../etc/passwd\"}",
		"{\"Driver\":\"vfs\",\"Image\":\"" DIGEST "\"}",
		"{\"Driver\":\"vfs\"}",
		"{\"Driver\":7,\"Image\":\"sha256:" DIGEST "\"}",
		"[]",
	};
	static const StateRoots roots = { .proc_fd = -1, .root_fd = AT_FDCWD };
	_cleanup_folder_ StateFolder docker = STATE_FOLDER_NULL;

	(void)state;
	put(1, "{\"config\":{\"Labels\":{\"a\":\"b\"}}}");
	docker = (StateFolder){ open(path_of("var/lib/docker"), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
				&roots, "" };
	assert_true(docker.fd >= 0);
	for (size_t i = 0; i < ELEMENTSOF(configs); i++) {
		_cleanup_json_ json_object *config = json_tokener_parse(configs[i]);

		assert_null(docker_image_labels(&docker, config));
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(TEST(test_labels_of_an_image_name_nobody), TEST(test_labels_of_the_container_do),
	  TEST(test_a_containers_own_labels_find_room_first),
	  TEST(test_no_path_is_made_of_what_is_no_name))
