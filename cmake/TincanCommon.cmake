# What every target is built with. `tincan_options` carries the standard, the warnings and the strict Qt defines.

include(GNUInstallDirs)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(TINCAN_CCACHE ccache)
if(TINCAN_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${TINCAN_CCACHE}")
endif()

add_library(tincan_options INTERFACE)
target_compile_definitions(tincan_options INTERFACE
    _GNU_SOURCE
    QT_NO_CAST_FROM_ASCII
    QT_NO_CAST_TO_ASCII
    QT_NO_CAST_FROM_BYTEARRAY
    QT_NO_CONTEXTLESS_CONNECT
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    QT_NO_URL_CAST_FROM_STRING
    QT_STRICT_ITERATORS
    TINCAN_VERSION="${PROJECT_VERSION}")
target_compile_options(tincan_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
    -Wcast-align -Wnull-dereference -Wformat=2 -Wimplicit-fallthrough -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 warns of null dereferences and overlaps inside libstdc++ and Qt once everything is inlined (GCC bug 105651).
    target_compile_options(tincan_options INTERFACE -Wno-null-dereference -Wno-restrict -Wduplicated-cond -Wlogical-op)
endif()
if(TINCAN_WERROR)
    target_compile_options(tincan_options INTERFACE -Werror)
endif()
# Over a hundred test programs are linked statically; with the layers' debug information in each of them a build takes 7 GB.
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
    if(TINCAN_SANITIZE)
        target_compile_options(tincan_options INTERFACE -g1) # lines for the reports: libsanitizer reads no .dwo files
    elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Once, beside the object, where gdb finds it; what g++ still puts into the programs (its pubnames) is compressed.
        target_compile_options(tincan_options INTERFACE -gsplit-dwarf -gz)
        target_link_options(tincan_options INTERFACE -gz)
    endif()
endif()
if(TINCAN_FUZZ)
    target_compile_options(tincan_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(TINCAN_SANITIZE)
    target_compile_options(tincan_options INTERFACE -fsanitize=${TINCAN_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(tincan_options INTERFACE -fsanitize=${TINCAN_SANITIZE})
    if(TINCAN_SANITIZE MATCHES "undefined")
        target_compile_options(tincan_options INTERFACE -fno-sanitize-recover=undefined)
    endif()
    if(TINCAN_SANITIZE MATCHES "thread")
        # g++ 12 knows no fences under TSan; our code uses none, Qt's inline code may.
        target_compile_options(tincan_options INTERFACE -Wno-tsan)
    endif()
endif()

# A static library for one layer: tincan_layer(NAME SOURCES … LINK …). Its headers are included as "<layer>/<file>.h".
function(tincan_layer NAME)
    cmake_parse_arguments(ARG "AUTOMOC" "" "SOURCES;LINK" ${ARGN})
    add_library(tincan_${NAME} STATIC ${ARG_SOURCES})
    target_include_directories(tincan_${NAME} PUBLIC "${PROJECT_SOURCE_DIR}/shared")
    target_link_libraries(tincan_${NAME} PUBLIC tincan_options ${ARG_LINK})
    if(ARG_AUTOMOC)
        set_target_properties(tincan_${NAME} PROPERTIES AUTOMOC ON)
    endif()
endfunction()

# One Qt Test executable a file: tincan_test(LAYER FILE [LINK …] [SOURCES …] [TIMEOUT seconds]). The test is named LAYER/FILE;
# the target tests_LAYER builds all of a layer.
function(tincan_test LAYER FILE)
    cmake_parse_arguments(ARG "" "TIMEOUT" "LINK;SOURCES" ${ARGN})
    set(target "test_${LAYER}_${FILE}")
    add_executable(${target} ${FILE}.cpp ${ARG_SOURCES})
    set_target_properties(${target} PROPERTIES AUTOMOC ON)
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
    target_link_libraries(${target} PRIVATE tincan_options Qt6::Test ${ARG_LINK})
    if(NOT TARGET tests_${LAYER})
        add_custom_target(tests_${LAYER})
    endif()
    add_dependencies(tests_${LAYER} ${target})
    add_test(NAME ${LAYER}/${FILE} COMMAND ${target})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    # Qt is built without ThreadSanitizer: what it does inside cannot be judged, and QProcess (forkfd) looks to it like a fork.
    set(environment
        QT_QPA_PLATFORM=offscreen
        QT_LOGGING_RULES=qt.qpa.*=false
        LC_ALL=C.UTF-8
        UBSAN_OPTIONS=print_stacktrace=1
        "TSAN_OPTIONS=second_deadlock_stack=1 ignore_noninstrumented_modules=1 die_after_fork=0 suppressions=${PROJECT_SOURCE_DIR}/tests/support/tsan.supp"
        "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/lsan.supp print_suppressions=0")
    set_tests_properties(${LAYER}/${FILE} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS ${LAYER} ENVIRONMENT "${environment}")
endfunction()
