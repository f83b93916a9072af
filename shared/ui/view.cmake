set(TINCAN_UI_VIEW_SOURCES
    bytemap.cpp bytemap.h
    highlighter.cpp highlighter.h
    markedscrollbar.cpp markedscrollbar.h
    newbelow.cpp newbelow.h
    rowlayout.cpp rowlayout.h
    rowpainter.cpp rowpainter.h
    rowtext.cpp rowtext.h
    rowwindow.cpp rowwindow.h
    transcriptaccessible.cpp transcriptaccessible.h
    transcriptinput.cpp
    transcriptmarks.cpp
    transcriptview.cpp transcriptview.h)
