set(TINCAN_UI_VIEW_SOURCES
    newbelow.cpp newbelow.h
    rowlayout.cpp rowlayout.h
    rowpainter.cpp rowpainter.h
    rowtext.cpp rowtext.h
    rowwindow.cpp rowwindow.h
    transcriptaccessible.cpp transcriptaccessible.h
    transcriptinput.cpp
    transcriptview.cpp transcriptview.h)
