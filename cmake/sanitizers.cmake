# Applied to every target at once: code built with and without AddressSanitizer does not mix.
if(SUMAC_SANITIZERS)
  add_compile_options(-fsanitize=${SUMAC_SANITIZERS} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SUMAC_SANITIZERS})
endif()
