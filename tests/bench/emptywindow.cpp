// SPDX-License-Identifier: MIT
// The yardstick for starting: an empty main window with a menu, a tool bar and a status bar.
#include <QApplication>
#include <QMainWindow>
#include <QMenuBar>
#include <QStatusBar>
#include <QToolBar>

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QMainWindow window;
    window.setWindowTitle(QStringLiteral("Empty"));
    window.menuBar()->addMenu(QStringLiteral("&File"))->addAction(QStringLiteral("&Quit"));
    window.addToolBar(QStringLiteral("Tools"))->addAction(QStringLiteral("Do"));
    window.statusBar()->showMessage(QStringLiteral("Ready"));
    window.resize(1080, 720);
    window.show();
    return QApplication::exec();
}
