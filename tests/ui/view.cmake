foreach(file bytemap copying rowlayout transcriptaccessible transcriptview)
    tincan_test(ui ${file} LINK tincan_ui)
endforeach()
tincan_test(ui words LINK tincan_session)
