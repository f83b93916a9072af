set(TINCAN_UI_VIEW_SOURCES
    rowlayout.cpp rowlayout.h
    rowpainter.cpp rowpainter.h
    rowtext.cpp rowtext.h
    transcriptaccessible.cpp transcriptaccessible.h
    transcriptview.cpp transcriptview.h)
