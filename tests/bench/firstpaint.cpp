// SPDX-License-Identifier: MIT
// firstpaint COMMAND [ARG …]: milliseconds from starting it to its first painted window, seen from the X server (XDamage on the
// mapped top-level window). firstpaint --frames SECONDS NAME: damages of the window whose title begins with NAME, each second.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <X11/Xlib.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

bool nextEvent(Display *display, XEvent &event, int timeout)
{
    if (XPending(display) == 0) {
        pollfd ready{ConnectionNumber(display), POLLIN, 0};
        if (poll(&ready, 1, timeout) <= 0 && XPending(display) == 0) {
            return false;
        }
        if (XPending(display) == 0) {
            return false;
        }
    }
    XNextEvent(display, &event);
    return true;
}

int ignoreErrors(Display * /*display*/, XErrorEvent * /*error*/)
{
    return 0; // a window may go while we look at it
}

Window findByTitle(Display *display, Window parent, const std::string &title)
{
    // Not WM_NAME: that knows no UTF-8.
    Atom type = None;
    int format = 0;
    unsigned long items = 0;
    unsigned long left = 0;
    unsigned char *name = nullptr;
    if (XGetWindowProperty(display, parent, XInternAtom(display, "_NET_WM_NAME", False), 0, 256, False, AnyPropertyType, &type,
                           &format, &items, &left, &name)
            == Success
        && name) {
        const bool found = std::strstr(reinterpret_cast<const char *>(name), title.c_str()) != nullptr;
        XFree(name);
        if (found) {
            return parent;
        }
    }
    Window root = 0;
    Window up = 0;
    Window *children = nullptr;
    unsigned count = 0;
    Window found = 0;
    if (XQueryTree(display, parent, &root, &up, &children, &count) != 0) {
        for (unsigned i = 0; i < count && found == 0; ++i) {
            found = findByTitle(display, children[i], title);
        }
        if (children) {
            XFree(children);
        }
    }
    return found;
}

int frames(Display *display, int damageBase, double seconds, const std::string &title)
{
    const Window window = findByTitle(display, DefaultRootWindow(display), title);
    if (window == 0) {
        std::fprintf(stderr, "firstpaint: no window has %s in its title\n", title.c_str());
        return 1;
    }
    const Damage damage = XDamageCreate(display, window, XDamageReportNonEmpty);
    const auto begin = Clock::now();
    auto last = begin;
    int painted = 0;
    double longest = 0;
    XEvent event{};
    while (milliseconds(begin) < seconds * 1000) {
        if (nextEvent(display, event, 100) && event.type == damageBase + XDamageNotify) {
            ++painted;
            longest = std::max(longest, milliseconds(last));
            last = Clock::now();
            XDamageSubtract(display, damage, None, None);
        }
    }
    longest = std::max(longest, milliseconds(last));
    std::printf("%.1f %.0f\n", painted / seconds, longest);
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    Display *display = XOpenDisplay(nullptr);
    int damageBase = 0;
    int errorBase = 0;
    if (!display || !XDamageQueryExtension(display, &damageBase, &errorBase) || argc < 2) {
        std::fprintf(stderr, "firstpaint: needs a display with the DAMAGE extension, and a command\n");
        return 2;
    }
    XSetErrorHandler(&ignoreErrors);
    if (std::strcmp(argv[1], "--frames") == 0 && argc == 4) {
        return frames(display, damageBase, std::atof(argv[2]), argv[3]);
    }
    XSelectInput(display, DefaultRootWindow(display), SubstructureNotifyMask);
    XSync(display, False);
    const auto begin = Clock::now();
    const pid_t child = fork();
    if (child == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    XEvent event{};
    while (milliseconds(begin) < 20'000) {
        if (!nextEvent(display, event, 1000)) {
            continue;
        }
        if (event.type == CreateNotify && event.xcreatewindow.width > 200 && event.xcreatewindow.height > 200) {
            XDamageCreate(display, event.xcreatewindow.window, XDamageReportNonEmpty);
        } else if (event.type == damageBase + XDamageNotify) {
            const auto *notify = reinterpret_cast<const XDamageNotifyEvent *>(&event);
            if (notify->area.width > 200 && notify->area.height > 200) {
                std::printf("%.1f\n", milliseconds(begin));
                kill(child, SIGKILL);
                waitpid(child, nullptr, 0);
                return 0;
            }
        }
    }
    std::fprintf(stderr, "firstpaint: nothing was painted\n");
    kill(child, SIGKILL);
    return 1;
}
