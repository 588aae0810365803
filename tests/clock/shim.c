// Loaded before the C library: the wall clock of one process reads so many milliseconds more than the machine's, as a
// file says at any moment. All other clocks, the boot clock among them, go on as they are.
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile const int64_t *offset_ms;

__attribute__((constructor)) static void open_offset(void) {
    const char *path = getenv("LINEWATCH_TEST_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *map = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *offset_ms, PROT_READ, MAP_SHARED, file, 0);
    // A test that believes to have set a clock and has not would show nothing.
    if (map == MAP_FAILED) abort();
    offset_ms = map;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int status = (int)syscall(SYS_clock_gettime, clock, time);
    if (status != 0 || clock != CLOCK_REALTIME) return status;
    int64_t nanoseconds = time->tv_nsec + *offset_ms % 1000 * 1000000;
    time->tv_sec += *offset_ms / 1000;
    if (nanoseconds < 0) { nanoseconds += 1000000000; time->tv_sec -= 1; }
    if (nanoseconds >= 1000000000) { nanoseconds -= 1000000000; time->tv_sec += 1; }
    time->tv_nsec = nanoseconds;
    return 0;
}
